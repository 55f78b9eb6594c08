"""A timestamp server (RFC 3161) on this machine: OpenSSL's, behind HTTP."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa-key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""
_REPLY = "application/timestamp-reply"

on_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")


def _openssl(*arguments: str) -> None:
    subprocess.run(  # noqa: S603 - our own words
        ["openssl", *arguments],  # noqa: S607 - the system's
        check=True,
        capture_output=True,
    )


@contextmanager
def timestamp_server(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Run a server until the block ends; yields its address and the sizes of what it was asked."""
    asked: list[int] = []
    _prepare(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(len(query))
            (folder / "query").write_bytes(query)
            config, reply = str(folder / "tsa.cnf"), folder / "reply"
            _openssl("ts", "-reply", "-config", config, "-section", "here",
                     "-queryfile", str(folder / "query"), "-out", str(reply))  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Type", _REPLY)
            self.end_headers()
            self.wfile.write(reply.read_bytes())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _prepare(folder: Path) -> None:
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    extensions = {
        "extendedKeyUsage": "critical,timeStamping",
        "keyUsage": "critical,digitalSignature",
        "basicConstraints": "critical,CA:false",
    }
    added = [part for each in extensions.items() for part in ("-addext", "=".join(each))]
    _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
             "-subj", "/O=Clock House/CN=timestamps", *added,
             "-keyout", str(folder / "tsa-key.pem"), "-out", str(folder / "tsa.pem"))  # fmt: skip
