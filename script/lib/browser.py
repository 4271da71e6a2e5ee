"""A headless Chromium that is told what to do over its debugging protocol."""

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

PROGRAMS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# Nothing but what it is asked for goes over the network
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--lang=en-US",
)
CALL = """(async () => {
    const sent = {jsonrpc: "2.0", method: "call", params: %s};
    const options = {
        method: "POST", body: JSON.stringify(sent), headers: {"Content-Type": "application/json"},
    };
    const answer = await (await fetch(%s, options)).json();
    if (answer.error) throw new Error(answer.error.data ? answer.error.data.message : "refused");
    return answer.result;
})()"""


class Browser:
    """One window; a context manager, which ends the program."""

    def __init__(self, url):
        self.url = url
        self._ids = itertools.count(1)

    def __enter__(self):
        self._profile = tempfile.mkdtemp(prefix="handbook")
        program = next(filter(None, map(shutil.which, PROGRAMS)))
        self._program = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        told = Path(self._profile, "DevToolsActivePort")
        self.wait(lambda: told.is_file() and len(told.read_text().split()) == 2, "Chromium")
        port = told.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(each for each in json.load(answer) if each["type"] == "page")
        self._socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], suppress_origin=True, timeout=120
        )
        self.send("Page.enable")
        return self

    def __exit__(self, *_error):
        with contextlib.suppress(OSError, websocket.WebSocketException):
            self._socket.close()
        self._program.terminate()
        self._program.wait(30)
        for _try in range(20):  # its helpers write a little longer than it lives
            shutil.rmtree(self._profile, ignore_errors=True)
            if not Path(self._profile).exists():
                break
            time.sleep(0.2)

    def wait(self, done, what, seconds=60):
        """Until ``done()`` says something true, which is returned."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := done():
                return found
            time.sleep(0.1)
        raise TimeoutError(f"{what} does not come")

    def send(self, method, **params):
        """A command of the protocol, and its result."""
        id_ = next(self._ids)
        self._socket.send(json.dumps({"id": id_, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == id_:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def run(self, script):
        """What a piece of JavaScript in the page comes to."""
        found = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            details = found["exceptionDetails"]
            raise RuntimeError(details.get("exception", details).get("description", script))
        return found["result"].get("value")

    def set_size(self, width, height, phone=False):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=phone)

    def open(self, path):
        """A page of the server, once it has been loaded."""
        self.run("window.leaving = true")
        self.send("Page.navigate", url=self.url + path)
        loaded = "!window.leaving && document.readyState == 'complete'"
        self.wait(lambda: self._try(loaded), path)

    def look(self, selector, seconds=60):
        """Wait for an element."""
        found = f"Boolean(document.querySelector({json.dumps(selector)}))"
        self.wait(lambda: self._try(found), selector, seconds)

    def _try(self, script):
        """While one page makes way for another, there is nobody to ask."""
        try:
            return self.run(script)
        except RuntimeError:
            return None

    def call(self, path, **params):
        """A call of the server by whoever is logged in."""
        return self.run(CALL % (json.dumps(params), json.dumps(path)))

    def ask(self, model, method, *args, **kwargs):
        """A method of a model."""
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.call(path, model=model, method=method, args=args, kwargs=kwargs)

    def picture(self):
        """The window as PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])
