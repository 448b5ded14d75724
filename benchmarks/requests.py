"""Prints what requests cost the server: the form page, a whole response, a participant's journey.

Run it as `python -m benchmarks.requests`. Beside each stands, measured in the same run, a bare
Flask view that does the least that could be called the same: returns "ok", returns the same kept
bytes with the same headers, or parses the same body and inserts one row as durably. First the WSGI
app is called directly, so that no client is counted; then waitress serves it with 8 threads to
clients that keep their connections, in a process of their own.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import click
import waitress
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from benchmarks.hall import (
    BROWSER,
    App,
    Reply,
    body_of,
    call,
    environ_of,
    made_up,
    open_hall,
    sent,
    show,
    souss_massa,
)
from survey.app import create_app, services_of
from survey.response import new_id
from survey.settings import Settings
from survey.store import Store, driver, open_store, responses

LANGUAGE = "ar"
THREADS = 8
ROUNDS = 5
BODIES = 50
JOURNEYS_EACH = 10
WARM_UP = 50
LIMIT_MS = 4.0
OK, BARE_PAGE, BARE_POST = "/bare/ok", "/bare/page", "/bare/send"
EXPECTED = {"GET": "200", "POST": "303"}

Wanted = tuple[str, bytes | None]
"""An address and the body to post there, or None for a GET."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a number of requests took, in seconds; `cpu` is the server's alone."""

    took: list[float]
    wall: float
    cpu: float

    @property
    def cpu_each(self) -> float:
        return self.cpu / len(self.took)

    @property
    def rate(self) -> float:
        return len(self.took) / self.wall

    @classmethod
    def together(cls, rounds: Iterable[Timing]) -> Timing:
        """Several rounds as one."""
        each = list(rounds)
        took = [seconds for timing in each for seconds in timing.took]
        return cls(took, sum(timing.wall for timing in each), sum(timing.cpu for timing in each))

    def quantile(self, share: float) -> float:
        return sorted(self.took)[int(share * (len(self.took) - 1))]


Measure = Callable[[list[Wanted]], Timing]


def bare_app(kept: Reply, database: Path) -> Flask:
    """The least that Flask and SQLite can do for the same requests."""
    app = Flask("bare", static_folder=None)
    open_store(database, b"").close()
    connection, lock = driver.connect(database), threading.Lock()
    connection.execute("create table if not exists bare (id text primary key, answers text)")
    _, headers, page = kept

    @app.get(OK)
    def ok() -> str:
        return "ok"

    @app.get(f"{BARE_PAGE}/<id>")
    def the_page(id: str) -> Response:
        return Response(page, headers=headers)

    @app.post(f"{BARE_POST}/<id>")
    def send(id: str) -> AnyResponse:
        answers = json.dumps(request.form.to_dict(flat=False), ensure_ascii=False)
        with lock:
            connection.execute("insert into bare values (?, ?)", (id, answers))
        return redirect(f"{request.path}/receipt", 303)

    @app.get("/bare/cpu")
    def cpu() -> str:
        return str(time.process_time())

    return app


def beside(app: App, bare: App) -> App:
    """Both apps behind one server."""
    return lambda environ, start: (
        bare(environ, start) if environ["PATH_INFO"].startswith("/bare/") else app(environ, start)
    )


def both(folder: Path, page: str) -> tuple[App, Store]:
    """The app on an instance that is there already, and the bare one with the app's own page."""
    app = create_app(Settings(instance=folder), f"http://{BROWSER['HTTP_HOST']}")
    bare = bare_app(call(app, environ_of(page)), folder / "bare.sqlite3")
    return beside(app, bare), services_of(app).store


def posts(start: str, bodies: list[bytes], count: int) -> list[Wanted]:
    """Sendings of different participants, each with an id of its own."""
    return [(f"{start}/{new_id()}", bodies[place % len(bodies)]) for place in range(count)]


def gets(start: str, count: int) -> list[Wanted]:
    return [(f"{start}/{new_id()}", None) for _ in range(count)]


def directly(app: App, wanted: list[Wanted]) -> Timing:
    """Asks one after the other, in this process."""

    def once(path: str, body: bytes | None) -> None:
        environ = environ_of(path, body)
        status, _, _ = call(app, environ)
        assert status[:3] == EXPECTED[environ["REQUEST_METHOD"]], (path, status)

    for path, body in wanted[:WARM_UP]:
        once(path, body)
    return timed(partial(once, *each) for each in wanted[WARM_UP:])


def journeys(app: App, home: str, bodies: list[bytes]) -> Timing:
    """One participant after the other, in this process."""
    return timed(partial(journey, app, home, body) for body in bodies)


def journey(app: App, home: str, body: bytes) -> None:
    """All that one participant asks the server for, from the QR code to the receipt."""
    address = f"{home}/{new_id()}"
    for path in (home.removesuffix(f"/{LANGUAGE}"), home, f"{home}/new", address):
        call(app, environ_of(path))
    call(app, environ_of(address, body))
    status, _, _ = call(app, environ_of(f"{address}/receipt"))
    assert status == "200 OK", status


def timed(steps: Iterable[Callable[[], None]]) -> Timing:
    """What steps take, one after the other."""
    took, cpu = [], 0.0
    for step in steps:
        before, cpu_before = time.perf_counter(), time.process_time()
        step()
        cpu += time.process_time() - cpu_before
        took.append(time.perf_counter() - before)
    return Timing(took, sum(took), cpu)


def serve(folder: Path, page: str, ready: Connection) -> None:
    """The server's process: waitress as `survey serve` runs it; says on which port."""
    logging.getLogger("waitress.queue").disabled = True  # a line for each request that waits
    app, _ = both(folder, page)
    server = waitress.create_server(
        app, host="127.0.0.1", port=0, threads=THREADS, connection_limit=2000, ident=None
    )
    ready.send(server.effective_port)
    server.run()


def raw(path: str, body: bytes | None) -> bytes:
    """A request as bytes on the wire."""
    given = {name[5:].replace("_", "-").title(): value for name, value in BROWSER.items()}
    if body is not None:
        given |= {"Content-Type": "application/x-www-form-urlencoded"}
        given |= {"Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    method = "GET" if body is None else "POST"
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + (body or b"")


def reply(connection: socket.socket) -> tuple[str, bytes]:
    """The status and body of the next reply on a kept connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return head[9:12].decode(), body


def ask(port: int, wanted: list[Wanted], clients: int) -> tuple[list[float], float]:
    """The clients' process: each client asks for what is next as soon as it has its reply."""
    waiting = iter([(raw(path, body), "GET" if body is None else "POST") for path, body in wanted])
    took: list[float] = []
    wrong: list[str] = []
    together = threading.Barrier(clients + 1)

    def client() -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            together.wait()
            for message, method in waiting:
                before = time.perf_counter()
                connection.sendall(message)
                status, _ = reply(connection)
                took.append(time.perf_counter() - before)
                wrong.extend([status] if status != EXPECTED[method] else [])

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    together.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:5]
    return took, time.perf_counter() - start


def server_cpu(port: int) -> float:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(raw("/bare/cpu", None))
        return float(reply(connection)[1])


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f}"


def row(name: str, timing: Timing, bare: Timing | None) -> list[str]:
    times = [timing.cpu_each, timing.quantile(0.5), timing.quantile(0.99)]
    ratio = f"{timing.cpu_each / bare.cpu_each:.1f}" if bare else ""
    return [name, f"{timing.rate:,.0f}", *map(ms, times), ratio]


def report(title: str, rows: Iterable[list[str]]) -> None:
    show((title, "a second", "CPU ms each", "p50 ms", "p99 ms", "CPU, times the bare one"), rows)
    click.echo()


def compared(measure: Measure, home: str, bodies: list[bytes], count: int) -> list[list[str]]:
    """Every kind of request, each beside its bare one, in rounds so that all have the same luck."""
    rounds = [
        (
            measure([(OK, None)] * count),
            *(measure(gets(start, count)) for start in (BARE_PAGE, home)),
            *(measure(posts(start, bodies, count)) for start in (BARE_POST, home)),
        )
        for _ in range(ROUNDS)
    ]
    ok, bare_page, page, bare_post, post = map(Timing.together, zip(*rounds, strict=True))
    return [
        row("bare: “ok”", ok, None),
        row("bare: the form page’s bytes", bare_page, None),
        row("the form page", page, bare_page),
        row("bare: parse the body, insert", bare_post, None),
        row("a whole response sent", post, bare_post),
    ]


def over_http(folder: Path, page: str, clients: int) -> tuple[Measure, Callable[[], None]]:
    """Starts the server and the clients' process; how to measure with them, and how to end them."""
    spawn = multiprocessing.get_context("spawn")
    ready, said = spawn.Pipe(duplex=False)
    server = spawn.Process(target=serve, args=(folder, page, said))
    server.start()
    port = ready.recv()
    asking = ProcessPoolExecutor(1, spawn)

    def measure(wanted: list[Wanted]) -> Timing:
        asking.submit(ask, port, wanted[:WARM_UP], clients).result()
        cpu = server_cpu(port)
        took, wall = asking.submit(ask, port, wanted[WARM_UP:], clients).result()
        return Timing(took, wall, server_cpu(port) - cpu)

    def end() -> None:
        asking.shutdown()
        server.terminate()
        server.join()

    return measure, end


@click.command()
@click.option(
    "--requests",
    "count",
    default=2000,
    show_default=True,
    help="Of each kind, beside those that warm up.",
)
@click.option("--clients", default=32, show_default=True, help="Connections at the same time.")
def main(count: int, clients: int) -> None:
    """What requests cost the server, beside the least that Flask and SQLite can do."""
    each = count // ROUNDS + WARM_UP
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, workshop = open_hall(folder)
        home = f"/{workshop.code}/{LANGUAGE}"
        page = f"{home}/{new_id()}"
        bodies = whole_bodies(first, page)
        app, store = both(folder, page)
        own = compared(lambda wanted: directly(app, wanted), home, bodies, each)
        report("in one process", own)
        whole = journeys(app, home, bodies * JOURNEYS_EACH)
        report("in one process", [row("a journey of six requests", whole, None)])
        measure, end = over_http(folder, page, clients)
        try:
            report(f"waitress, {clients} clients", compared(measure, home, bodies, each))
        finally:
            end()
        assert responses.count(store, workshop.code) == 2 * ROUNDS * each + BODIES * JOURNEYS_EACH
    click.echo(f"A body has {len(bodies[0]):,} bytes. Limit: {LIMIT_MS:g} ms of CPU a journey.")


def whole_bodies(app: App, page: str) -> list[bytes]:
    """What browsers post for whole responses: every question asked and answered."""
    questionnaire, chance = souss_massa(), Random(1)
    environ = environ_of(page)
    del environ["HTTP_ACCEPT_ENCODING"]
    blank = call(app, environ)[2].decode()
    answers = (made_up(questionnaire, chance, whole=True) for _ in range(BODIES))
    return [body_of(blank, sent(questionnaire, each)) for each in answers]


if __name__ == "__main__":
    main()
