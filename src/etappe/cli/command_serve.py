"""serve: the page in the browser, for one or for a team."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from etappe.cli.main import app, workspace
from etappe.cli.output import print_json

JSON = typer.Option(False, "--json", help="Print JSON for scripts.")


@app.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="The address to listen on; others than this machine's own need accounts."),
    port: int = typer.Option(None, min=0, max=65535, help="The port; else 8400, or any that is free."),
    no_open: bool = typer.Option(False, "--no-open", help="Do not open the browser."),
    name: list[str] = typer.Option([], "--name", help="A host name the server is called by, such as maps.firm.example."),
    address: str = typer.Option("", help="Where others reach it, such as https://maps.firm.example."),
    proxies: str = typer.Option("", help="Addresses of proxies in front that may tell scheme and sender, such as 127.0.0.1."),
    largest: int = typer.Option(4096, min=1, help="Most megabytes of one upload."),
    oidc_issuer: str = typer.Option("", help="Sign-in by this OpenID Connect provider; its secret is read from ETAPPE_OIDC_SECRET."),
    oidc_client: str = typer.Option("", help="What the provider knows this server as."),
    as_json: bool = JSON,
) -> None:
    """Open the workspace in the browser; Ctrl+C ends it."""
    from urllib.parse import urlsplit

    from etappe.server.here import Serving
    from etappe.server.serve import is_loopback
    from etappe.server.serve import serve as run

    outside = urlsplit(address).hostname
    serving = Serving(
        loopback=is_loopback(host) and not address, names=(*name, *([outside] if outside else []), *([host] if not host[:1].isdigit() else [])), address=address, largest=largest << 20, warm=True,
        oidc_issuer=oidc_issuer, oidc_client=oidc_client, oidc_secret=os.environ.get("ETAPPE_OIDC_SECRET", ""),
    )  # fmt: skip
    run(workspace(), host, port, serving=serving, say=lambda link, once: _say(link, once, as_json), opens=not no_open, proxies=proxies)


def open_page(root: Path) -> None:
    """Serves a workspace on this machine and opens it in the browser."""
    from etappe.server.here import Serving
    from etappe.server.serve import serve as run
    from etappe.workspace.workspace import open_workspace

    run(open_workspace(root), "127.0.0.1", None, serving=Serving(warm=True), say=lambda link, once: _say(link, once, False))


def _say(link: str, once: bool, as_json: bool) -> None:
    if as_json:
        print_json({"address": link, "once": once})
    else:
        print(f"{link}\n{'(this link opens once; Ctrl+C ends the server)' if once else '(Ctrl+C ends the server)'}", flush=True)
