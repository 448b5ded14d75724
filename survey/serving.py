"""`survey serve`: finds the address phones can reach, prints it with its QR code, and serves."""

from __future__ import annotations

import ipaddress
import logging
import select
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from survey import qr_code
from survey.i18n import DEFAULT_LANGUAGE
from survey.questionnaire.loading import QuestionnaireError, load
from survey.questionnaire.model import Questionnaire
from survey.response import OPEN, Workshop
from survey.settings import Settings
from survey.store import Store, StoreError, facilitators, workshops

DEFAULT_PORT = 8000
BACKLOG = 1024
REFUSED_BY_PAGE = 32 * 1024 * 1024
"""Bodies up to this size reach the app, whose own page refuses them in the reader's language."""
OTHER_FILES = 100
WITHOUT_POLL = 400
VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vbox", "tun", "tap", "wg", "zt", "utun")
"""How adapters are called that no phone in the hall is connected to."""

TRIAL_QUESTIONNAIRE = "souss-massa"
FIRST_FACILITATOR = "admin"


def serve(settings: Settings, host: str, port: int) -> None:
    """Serves until interrupted. Raises StoreError, or OSError where the port is taken."""
    import waitress

    from survey.app import create_app, services_of

    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    addresses = [settings.base_url] if settings.base_url else list(reachable(host, port))
    app = create_app(settings, addresses[0])
    listening = _listen(host, port)
    workshop, token = _prepare(settings, services_of(app).store)
    server = waitress.create_server(
        app,
        sockets=[listening],
        threads=settings.threads,
        connection_limit=_affordable(settings.connections),
        asyncore_use_poll=hasattr(select, "poll"),  # select() ends at descriptor 1,024
        clear_untrusted_proxy_headers=not settings.proxies,
        max_request_body_size=max(settings.max_body, REFUSED_BY_PAGE),
        ident=None,
    )
    with suppress(KeyboardInterrupt):
        announce(addresses, workshop, token)
        server.run()


def _prepare(settings: Settings, store: Store) -> tuple[Workshop | None, str | None]:
    """At the first start: a trial workshop, and a link with which somebody can sign in."""
    known = workshops.every(store)
    trial = settings.questionnaires / f"{TRIAL_QUESTIONNAIRE}.yaml"
    for path in sorted(settings.questionnaires.glob("*.yaml")):
        loaded = _loaded_or_explained(path)
        if path == trial and loaded is not None and not known:
            workshop = workshops.create(store, loaded, trial=True)
            workshops.set_state(store, workshop.code, OPEN)
            known = [workshop]
    if not known:
        click.echo("There is no workshop yet: see `survey workshop create --help`.", err=True)
    token = None
    if facilitators.administrator(store, with_password=True) is None:
        first = facilitators.administrator(store, with_password=False)
        if first is None:
            first = FIRST_FACILITATOR
            facilitators.add(store, first)
        token = facilitators.make_link(store, first)
    open_now = [workshop for workshop in workshops.every(store) if workshop.is_open]
    return next(iter(open_now or known), None), token


def _loaded_or_explained(path: Path) -> Questionnaire | None:
    try:
        return load(path)
    except (QuestionnaireError, OSError) as error:
        click.echo(f"This questionnaire cannot be used yet:\n{error}", err=True)
        return None


def _affordable(wanted: int) -> int:
    """As many connections as this system lets one process have open."""
    try:
        import resource
    except ImportError:
        return min(wanted, WITHOUT_POLL)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft - OTHER_FILES)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)  # from here on phones may knock, before the first is answered
    except OSError as error:
        listening.close()
        why = error.strerror or str(error)
        raise StoreError(
            f"Cannot listen on {host}:{port} ({why}). Choose another with --port."
        ) from None
    return listening


def reachable(host: str, port: int) -> Iterator[str]:
    """The addresses under which phones on the same network find this computer; at least one."""
    if host not in ("0.0.0.0", "::"):
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{port}"
        return
    found = False
    for address in private_addresses():
        found = True
        yield f"http://{address}:{port}"
    if not found:
        yield f"http://localhost:{port}"


def private_addresses() -> Iterator[str]:
    """This computer's IPv4 addresses, the likeliest of the hall's network first."""
    import ifaddr

    known = {
        ipaddress.IPv4Address(ip.ip): adapter.nice_name.lower()
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4
    }
    usable = [each for each in known if not each.is_loopback and not each.is_link_local]
    usual = _usual_address()

    def unlikely(address: ipaddress.IPv4Address) -> tuple[bool, bool, bool, int]:
        is_virtual = known[address].startswith(VIRTUAL)
        return is_virtual, str(address) != usual, not address.is_private, int(address)

    for address in sorted(usable, key=unlikely):
        yield str(address)


def _usual_address() -> str | None:
    """The address this computer would send from. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def link_to_password(base_url: str, token: str) -> str:
    """A one-time link; whoever opens it can change its language there."""
    return f"{base_url}/desk/{DEFAULT_LANGUAGE}/link/{token}"


def announce(addresses: list[str], workshop: Workshop | None, token: str | None) -> None:
    """Prints where participants and facilitators go."""
    if workshop is not None:
        join = f"{addresses[0]}/{workshop.code}"
        kind = " (trial)" if workshop.trial else ""
        click.echo(f"\nParticipants{kind}: {join}\n")
        qr_code.print_in_terminal(join)
        for other in addresses[1:]:
            click.echo(f"Also reachable as: {other}/{workshop.code}")
    click.echo(f"Facilitators: {addresses[0]}/desk/")
    if token is not None:
        click.echo("Choose your password here, once and within the hour:")
        click.echo(f"  {link_to_password(addresses[0], token)}")
    click.echo("Stop with Ctrl+C.", nl=True)
    sys.stdout.flush()
