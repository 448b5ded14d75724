"""Prints what a hundred desks cost the server that show the join page and ask for its numbers.

Run it as `python -m benchmarks.desks`. The server is waitress with 8 threads in a process of its own;
each desk keeps its connection and asks every four seconds, as the page's script does.
"""

from __future__ import annotations

import multiprocessing
import socket
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import click
import waitress

from benchmarks.hall import HOST, made_up, open_hall, show, souss_massa
from survey.app import create_app, services_of
from survey.facilitator.views import COOKIE
from survey.response import Sending, new_id
from survey.settings import Settings
from survey.store import facilitators, responses

EVERY = 4.0
ARRIVAL = 2.0
THREADS = 8
LIMIT = 5.0


def serve(folder: Path, code: str, said: Connection) -> None:
    """The server's process: tells its port; then stores a response when one is to arrive, and
    tells the CPU seconds it has used when asked for them."""
    app = create_app(Settings(instance=folder), f"http://{HOST}")
    server = waitress.create_server(
        app, host="127.0.0.1", port=0, threads=THREADS, connection_limit=2000, ident=None
    )
    threading.Thread(target=server.run, daemon=True).start()
    said.send(server.effective_port)
    store, questionnaire, chance = services_of(app).store, souss_massa(), Random(1)
    answers = [made_up(questionnaire, chance) for _ in range(20)]
    while True:
        if said.recv() == "arrive":
            responses.add(store, code, Sending(new_id(), chance.choice(answers), "ar"))
        else:
            said.send(time.process_time())


class Desk:
    """One browser with the join page open, on a connection that it keeps."""

    def __init__(self, port: int, code: str, token: str) -> None:
        self.port = port
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.tag = ""
        self.replies = {"200": 0, "304": 0}
        self.start = (
            f"GET /desk/fr/workshops/{code}/join/now HTTP/1.1\r\nHost: {HOST}\r\n"
            f"Accept-Encoding: gzip, deflate\r\nCookie: {COOKIE}={token}\r\n"
        )

    def ask(self) -> None:
        self.connection.sendall(f"{self.start}If-None-Match: {self.tag}\r\n\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.connection.recv(65_536)
            if not more:  # closed after the last reply: a browser connects again
                self.connection.close()
                self.connection = socket.create_connection(("127.0.0.1", self.port))
                self.ask()
                return
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:])
        left = int(fields.get("content-length", 0)) - len(body)
        while left > 0:
            left -= len(self.connection.recv(65_536))
        self.tag = fields["etag"].replace("w/", "W/")
        self.replies[head[9:12].decode()] += 1


def watch(desks: list[Desk], until: float) -> None:
    """Every desk asks at its own moment of the four seconds, one after the other."""
    start, turn = time.monotonic(), 0
    while (due := start + turn * EVERY / len(desks)) < until:
        time.sleep(max(0.0, due - time.monotonic()))
        desks[turn % len(desks)].ask()
        turn += 1


def measure(said: Connection, desks: list[Desk], seconds: float, arriving: bool) -> list[str]:
    """A row of the table; one response arrives every two seconds if `arriving`."""
    for desk in desks:
        desk.ask()
        desk.replies = {"200": 0, "304": 0}
    before, start = _cpu(said), time.monotonic()
    watching = threading.Thread(target=watch, args=(desks, start + seconds))
    watching.start()
    while watching.is_alive():
        watching.join(ARRIVAL)
        if arriving and watching.is_alive():
            said.send("arrive")
    share = 100 * (_cpu(said) - before) / (time.monotonic() - start)
    counts = [sum(desk.replies[status] for desk in desks) for status in ("304", "200")]
    name = "a response every 2 s" if arriving else "unchanged"
    verdict = "within" if share < LIMIT else "OVER"
    return [name, *map(str, counts), f"{share:.1f} %", f"{LIMIT:g} %", verdict]


def _cpu(said: Connection) -> float:
    said.send("cpu")
    return float(said.recv())


@click.command()
@click.option("--desks", "count", default=100, show_default=True)
@click.option("--seconds", default=30.0, show_default=True, help="For each row.")
def main(count: int, seconds: float) -> None:
    """What open join pages cost the server, as a share of one core."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app, workshop = open_hall(folder)
        store = services_of(app).store
        facilitators.add(store, "samira")
        token = facilitators.begin_session(store, "samira")
        said, other = spawn.Pipe()
        server = spawn.Process(target=serve, args=(folder, workshop.code, other))
        server.start()
        try:
            port = said.recv()
            desks = [Desk(port, workshop.code, token) for _ in range(count)]
            rows = [measure(said, desks, seconds, arriving) for arriving in (False, True)]
        finally:
            server.terminate()
            server.join()
    header = (f"{count} desks, {seconds:g} s", "304", "200", "CPU of one core", "limit", "verdict")
    show(header, rows)


if __name__ == "__main__":
    main()
