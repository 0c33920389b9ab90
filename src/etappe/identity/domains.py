"""Hosts and domains: which part a company registered, and which domains belong to no company."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from etappe.identity import lists


@cache
def _extractor() -> Any:
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list inside the package: no network


@cache
def registrable(host: str) -> str:
    """The domain a company registered: `shop.firma.co.uk` → `firma.co.uk`.

    A top-level domain that the public-suffix list does not know (`.example`, `.local`) is taken as one label.
    """
    found = _extractor()(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    return ".".join(host.split(".")[-2:])


class DomainKinds:
    """Tells whose a domain can be. `extra` are the workspace's own additions to the free-mail list."""

    def __init__(self, extra_free: Iterable[str] = (), own: Iterable[str] = ()) -> None:
        self.free = lists.words("free_mail.txt") | {domain.lower() for domain in extra_free}
        self.networks = lists.words("providers.txt")
        self.platforms = lists.words("platforms.txt")
        self.own = frozenset(registrable(domain.lower()) for domain in own)

    def kind(self, host: str) -> str:
        """`company`, `free mail`, `provider`, `platform` or `own`."""
        domain = registrable(host)
        if domain in self.own:
            return "own"
        for name, members in (
            ("free mail", self.free),
            ("provider", self.networks),
            ("platform", self.platforms),
        ):
            if domain in members or host in members:
                return name
        return "company"
