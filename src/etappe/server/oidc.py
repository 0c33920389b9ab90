"""Signing in by an OpenID Connect provider: authorization code with PKCE, state and nonce; nothing is trusted unverified."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from etappe.errors import SignInFault

_MINUTES: Final = 10
_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_FRESH: Final = 3600.0


@dataclass
class Oidc:
    """One provider. `address` is where the outside reaches this server; the provider sends people back there.

    `cookie` keeps the way there in the browser; it is named after the workspace, as that of a session is.
    """

    issuer: str
    client: str
    secret: str
    address: str
    cookie: str = "etappe-oidc"
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _known: tuple[float, dict[str, Any]] | None = field(default=None, repr=False)

    async def away(self, request: Request) -> Response:
        """To the provider, with what has to come back kept in a signed cookie of ten minutes."""
        about = await self._about()
        verifier = secrets.token_urlsafe(48)
        kept = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24), "verifier": verifier, "until": int(time.time()) + _MINUTES * 60}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode({
            "response_type": "code", "client_id": self.client, "redirect_uri": self._back(request), "scope": "openid email profile",
            "state": kept["state"], "nonce": kept["nonce"], "code_challenge": challenge, "code_challenge_method": "S256",
        })  # fmt: skip
        answer = RedirectResponse(f"{about['authorization_endpoint']}?{query}", 302)
        # Lax, because the way back comes from another site.
        answer.set_cookie(self.cookie, self._signed(kept), max_age=_MINUTES * 60, httponly=True, samesite="lax", secure=self._back(request).startswith("https:"), path="/api/v1/session/oidc")
        return answer

    async def back(self, request: Request) -> tuple[str, str, bool]:
        """Who came back: the provider's subject, the e-mail address, and whether the provider has verified it.

        Raises
        ------
        SignInFault
            If anything does not fit.
        """
        kept = self._read(request.cookies.get(self.cookie, ""))
        given = request.query_params
        if kept is None or not hmac.compare_digest(kept["state"].encode(), given.get("state", "").encode()):
            raise _refused("The answer of the provider does not belong to this browser, or came too late.")
        if "code" not in given:
            raise _refused(f"The provider refused: {given.get('error_description') or given.get('error') or 'without a reason'}"[:200])
        claims = await self._claims(request, given["code"], kept)
        return f"{self.issuer}|{claims['sub']}", str(claims.get("email") or ""), claims.get("email_verified") is True

    def forget(self, answer: Response) -> None:
        """Takes the cookie of the way there away."""
        answer.delete_cookie(self.cookie, path="/api/v1/session/oidc")

    async def _claims(self, request: Request, code: str, kept: dict[str, Any]) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        about = await self._about()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back(request), "code_verifier": kept["verifier"], "client_id": self.client}
        try:
            async with httpx.AsyncClient(timeout=15) as client:
                answer = await client.post(about["token_endpoint"], data=form, auth=httpx.BasicAuth(self.client, self.secret) if self.secret else httpx.Auth())
                answer.raise_for_status()
                tokens = answer.json()
                keys = KeySet.import_key_set((await client.get(about["jwks_uri"])).json())
                token = jwt.decode(tokens["id_token"], keys, algorithms=_ALGORITHMS)
                jwt.JWTClaimsRegistry(
                    iss={"essential": True, "value": about["issuer"]}, aud={"essential": True, "value": self.client}, exp={"essential": True},
                    nonce={"essential": True, "value": kept["nonce"]}, sub={"essential": True},
                ).validate(token.claims)  # fmt: skip
                claims = dict(token.claims)
                if "email" not in claims and about.get("userinfo_endpoint"):
                    more = (await client.get(about["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens['access_token']}"})).json()
                    if more.get("sub") == claims["sub"]:
                        claims = {**more, **claims}
        except (httpx.HTTPError, JoseError, KeyError, ValueError) as fault:
            raise _refused(f"The provider's answer cannot be trusted: {type(fault).__name__}.") from fault
        return claims

    async def _about(self) -> dict[str, Any]:
        if self._known is not None and self._known[0] > time.monotonic():
            return self._known[1]
        try:
            async with httpx.AsyncClient(timeout=15) as client:
                found = (await client.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as fault:
            raise _refused("The provider cannot be reached.") from fault
        if str(found.get("issuer", "")).rstrip("/") != self.issuer.rstrip("/"):
            raise _refused("The provider calls itself by another name than --oidc-issuer.")
        self._known = (time.monotonic() + _FRESH, dict(found))
        return self._known[1]

    def _back(self, request: Request) -> str:
        base = self.address.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"
        return f"{base}/api/v1/session/oidc/callback"

    def _signed(self, kept: dict[str, Any]) -> str:
        body = base64.urlsafe_b64encode(json.dumps(kept).encode())
        return f"{body.decode()}.{hmac.new(self._key, body, hashlib.sha256).hexdigest()}"

    def _read(self, cookie: str) -> dict[str, Any] | None:
        body, _, mark = cookie.partition(".")
        if not hmac.compare_digest(hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest().encode(), mark.encode()):
            return None
        kept: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body))
        return kept if kept["until"] >= time.time() else None


def _refused(what: str) -> SignInFault:
    return SignInFault(what, "OIDC", "Try again; if it stays so, ask an admin.")
