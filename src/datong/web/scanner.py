"""Files people send are looked through by the city's scanner (clamd), where one is set, before anything of them is kept."""

from __future__ import annotations

import logging
import socket

from datong.settings import Settings

UNIX, TCP = "unix:", "tcp:"
BLOCK = 1 << 16
SECONDS = 20.0
"""How long a scanner may keep silent."""
CLEAN, FOUND = b"OK", b"FOUND"
_log = logging.getLogger("datong.web")

REFUSED = (
    "文件未通过安全检查，没有收下 (the file did not pass the security check and was not taken)",
    "换一份干净的文件 (send a clean one)",
)
UNLOOKED = (
    "暂时无法检查文件，没有收下 (files cannot be looked through just now; it was not taken)",
    "请稍后再试；其余内容可先存草稿 (try again later; the rest can be kept as a draft)",
)


def refusal_of(settings: Settings, content: bytes) -> tuple[str, str] | None:
    """Why a file is not taken, and what to do: the scanner found something, or gave no answer."""
    if not settings.scanner or not content:
        return None
    try:
        answer = _asked(settings.scanner, content)
    except OSError as error:
        _log.error("the scanner does not answer: %s", type(error).__name__)
        answer = b""
    if answer.endswith(FOUND):
        _log.warning("the scanner refused a file of %d bytes: %s", len(content), answer.decode("ascii", "replace")[:100])
        return REFUSED
    return None if answer.endswith(CLEAN) else UNLOOKED


def _asked(scanner: str, content: bytes) -> bytes:
    """clamd's answer to INSTREAM: blocks with their length before each, ended by an empty one. Raises OSError."""
    with _connected(scanner) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), BLOCK):
            block = content[start : start + BLOCK]
            line.sendall(len(block).to_bytes(4, "big") + block)
        line.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    return answer.rstrip(b"\0\n")


def _connected(scanner: str) -> socket.socket:
    if scanner.startswith(UNIX):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(scanner.removeprefix(UNIX))
        except OSError:
            line.close()
            raise
        return line
    host, _, port = scanner.removeprefix(TCP).rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), SECONDS)
