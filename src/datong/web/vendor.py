"""Take the ready front-end files out of packed npm packages, and say in a manifest what they are.

Run `npm pack` for each name and version of PACKAGES in one folder, then `python -m datong.web.vendor FOLDER`.
Nothing is fetched here; a test compares every file with its hash in the manifest.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package: which of its files are shipped, and under which licence."""

    name: str
    version: str
    licence: str
    files: tuple[tuple[str, str], ...]

    @property
    def tarball(self) -> str:
        """The file name that `npm pack` gives it."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


PACKAGES = (
    Package("@tabler/core", "1.6.1", "MIT", (("dist/css/tabler.min.css", "tabler.min.css"),)),
    Package("htmx.org", "4.0.1", "0BSD", (("dist/htmx.min.js", "htmx.min.js"), ("LICENSE", "htmx.LICENSE.txt"))),
    Package(
        "echarts",
        "6.1.0",
        "Apache-2.0",
        (
            ("dist/echarts.common.min.js", "echarts.common.min.js"),
            ("LICENSE", "echarts.LICENSE.txt"),
            ("NOTICE", "echarts.NOTICE.txt"),
            ("licenses/LICENSE-d3", "echarts.d3.LICENSE.txt"),
        ),
    ),
    Package("jsqr", "1.4.0", "Apache-2.0", (("dist/jsQR.js", "jsQR.js"), ("LICENSE", "jsqr.LICENSE.txt"))),
    Package("@tabler/icons", "3.51.0", "MIT", (("LICENSE", "tabler-icons.LICENSE.txt"),)),
)
_NAMES = (
    "qrcode search home user users building building-community id shield-check shield-lock eye eye-off file-text files file-import "
    "alert-triangle alert-circle circle-check circle-x info-circle clock history list-check logout menu-2 map-pin camera upload "
    "phone car key lock chart-bar database database-import "
    "arrows-diff message-report messages arrow-right arrow-left chevron-right chevron-left "
    "chevron-down printer language text-size settings briefcase certificate bell wallet hand-stop fingerprint refresh plus x check "
    "ban link scale target-arrow layout-dashboard dots heart-handshake home-check report-search stack-2 hourglass calendar mail "
    "license device-floppy"
)
ICONS = tuple(_NAMES.split())
"""The icons of the sprite, by their Tabler names."""
TABLER_OWNERS = "Copyright (c) 2018-2026 The Tabler Authors, codecalm.net Paweł Kuna"
"""From the head of Tabler's style sheet: its package holds no licence file, its icons' package holds the same licence."""


def main(folder: Path) -> None:
    """Refresh the shipped files from the tarballs in `folder`."""
    entries = []
    for package in PACKAGES:
        with tarfile.open(folder / package.tarball) as tar:
            for inside, outside in package.files:
                entries.append(_keep(package, outside, _read(tar, inside)))
            if package.name == "@tabler/icons":
                entries.append(_keep(package, "icons.svg", _sprite(tar)))
                text = re.sub(r"Copyright \(c\)[^\n]*", TABLER_OWNERS, _read(tar, "LICENSE").decode())
                entries.append(_keep(PACKAGES[0], "tabler.LICENSE.txt", text.encode()))
    text = json.dumps(sorted(entries, key=lambda entry: entry["file"]), indent=1, ensure_ascii=False)
    (VENDOR / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _keep(package: Package, name: str, content: bytes) -> dict[str, str]:
    (VENDOR / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {"file": name, "package": package.name, "version": package.version, "licence": package.licence, "sha256": digest}


def _read(tar: tarfile.TarFile, inside: str) -> bytes:
    member = tar.extractfile(f"package/{inside}")
    if member is None:
        raise FileNotFoundError(inside)
    content = member.read()
    return re.sub(rb"(?m)^\s*/[/*]#\s*sourceMappingURL=.*$", b"", content) if not inside.endswith(".svg") else content


def _sprite(tar: tarfile.TarFile) -> bytes:
    symbols = []
    for icon in ICONS:
        svg = _read(tar, f"icons/outline/{icon}.svg").decode()
        paths = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)[^>]*/>", svg)
        shapes = "".join(path for path in paths if 'd="M0 0h24v24H0z"' not in path)
        symbols.append(f'<symbol id="{icon}" viewBox="0 0 24 24">{shapes}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
