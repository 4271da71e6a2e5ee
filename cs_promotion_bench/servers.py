"""Odoo servers as of several hosts, with a runner of jobs, all on this machine.

Each is a process of its own and listens on 127.0.0.1 alone. Used by ``script/bench`` and the
tests of ``cs_promotion_queue``; without Odoo's own modules, so that a process that starts servers
need not be one.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Lock
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ADDRESS = "127.0.0.1"
PATIENCE = 60  # seconds for a server to start
LONGEST = 3600  # seconds of a job
ODOO = "import odoo.cli; odoo.cli.main()"


def free_port():
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind((ADDRESS, 0))
        return free.getsockname()[1]


class Balancer(ThreadingHTTPServer):
    """Hands each request to the server that has the fewest at that moment, of several by turns,
    as the proxy before several hosts does (``least_conn``)."""

    daemon_threads = True

    def __init__(self, port, ports):
        super().__init__((ADDRESS, port), Forward)
        self.running, self.lock = dict.fromkeys(ports, 0), Lock()
        self.turns, self.turn = dict.fromkeys(ports, 0), count(1)  # when each was last given one

    def fetch(self, path, database):
        """Status and content of the first answer, 502 where no server is there."""
        headers, absent = {"X-Odoo-Database": database}, set()
        while port := self._take(absent):
            try:
                request = Request(f"http://{ADDRESS}:{port}{path}", headers=headers)
                with urlopen(request, timeout=LONGEST) as answer:
                    return answer.status, answer.read()
            except HTTPError as error:
                return error.code, error.read()
            # refused, or killed while it was at it: a job that it had begun no other one takes
            except (URLError, HTTPException, OSError):
                absent.add(port)
            finally:
                with self.lock:
                    self.running[port] -= 1
        return 502, b""

    def _take(self, absent):
        """The server that gets one more request; None where none is left."""
        with self.lock:
            there = self.running.keys() - absent
            waited = ((self.running[each], self.turns[each], each) for each in there)
            *_order, port = min(waited, default=(None,))
            if port:
                self.running[port] += 1
                self.turns[port] = next(self.turn)
        return port

    def handle_error(self, request, client_address):
        """The runner does not wait for an answer."""


class Forward(BaseHTTPRequestHandler):
    """One request that the balancer hands on."""

    def do_GET(self):
        status, content = self.server.fetch(self.path, self.headers.get("X-Odoo-Database", ""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """The servers write it down."""


class Hosts:
    """Servers of one database behind a balancer, and the runner that gives them jobs.

    :param config: Odoo's configuration file
    :param database: which they share
    :param folder: where each writes its log
    :param servers: how many
    :param at_once: jobs that run at the same time, on all servers together
    """

    def __init__(self, config, database, folder, servers=2, at_once=None):
        self.config, self.database, self.folder = config, database, Path(folder)
        self.ports = [free_port() for _server in range(servers)]
        self.at_once = at_once or servers
        self.processes = {}

    def __enter__(self):
        try:
            self.port = free_port()
            command = [sys.executable, __file__, self.port, *self.ports]
            self._run("balancer", list(map(str, command)))
            for number in range(len(self.ports)):
                self.start(number)
            self.start_runner()
            for number in range(len(self.ports)):
                self.wait(number)
            self.wait_for_runner()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for name in list(self.processes):
            self._wait_for(name)

    def start(self, number):
        """Start a server; the process."""
        return self._start(number, self.ports[number])

    def start_runner(self):
        """Start the runner, an Odoo server that serves nobody and starts the jobs of others."""
        return self._start(
            "runner",
            free_port(),
            "--load=base,web,queue_job",
            ODOO_QUEUE_JOB_CHANNELS=f"root:{self.at_once}",
            ODOO_QUEUE_JOB_HOST=ADDRESS,
            ODOO_QUEUE_JOB_PORT=str(self.port),
        )

    def _start(self, name, port, *options, **environment):
        options = (
            f"--config={self.config}",
            f"--database={self.database}",
            f"--http-interface={ADDRESS}",
            f"--http-port={port}",
            "--workers=0",
            "--max-cron-threads=0",
            "--log-level=info",
            *options,
        )
        return self._run(name, [sys.executable, "-c", ODOO, "server", *options], **environment)

    def _run(self, name, command, **environment):
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONUTF8": "1", **environment},
            )
        return self.processes[name]

    def wait(self, number):
        """Until a server that was started answers, which is when it has loaded the database."""
        address = f"http://{ADDRESS}:{self.ports[number]}/web/health"

        def answers():
            try:
                with urlopen(address, timeout=5):
                    return True
            except (URLError, HTTPException, OSError):
                return False

        self._wait_until(answers, f"no server answers at port {self.ports[number]}")

    def wait_for_runner(self):
        """Until the runner looks after the jobs of the database."""
        log = self.folder / "runner.log"

        def is_ready():
            return "runner ready for db" in log.read_text(encoding="utf-8")

        self._wait_until(is_ready, "the runner does not start")

    @staticmethod
    def _wait_until(holds, otherwise):
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(otherwise)
            time.sleep(0.1)

    def kill(self, name):
        """Kill a server, by its number, or the ``runner``, with whatever it is doing."""
        self.processes[name].kill()
        self._wait_for(name)

    def _wait_for(self, name):
        process = self.processes.pop(name)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    port, *ports = map(int, sys.argv[1:])
    Balancer(port, ports).serve_forever()
