"""State secrets and work secrets stay outside: how they are marked on files, headings and titles.

The regulation on sharing does not apply to them, so nothing that bears such a marking is taken in, catalogued or kept.
"""

from __future__ import annotations

import re

SECRECY = ("none", "work_secret", "confidential", "secret", "top_secret")
"""Levels of secrecy: 非涉密, 工作秘密, 秘密, 机密, 绝密. Only the first may be catalogued or delivered."""
SECRECY_WORDS = {"none": "非涉密", "work_secret": "工作秘密", "confidential": "秘密", "secret": "机密", "top_secret": "绝密"}
_MARKINGS = (
    re.compile(r"绝\s*密|机\s*密(?!性)|国家秘密(?!法|载体管理)|工作秘密"),
    re.compile(r"(?<![业人保客])秘\s*密\s*(?:级|件|文件|[★☆*]|[_\-\s（(【\]】.]|$)"),
)
"""Not a marking: 商业秘密, 个人秘密, 保秘密; nor the law's own name."""


def marking_in(text: str) -> str:
    """The marking of secrecy that a file name, a heading or a title bears; empty for none."""
    for pattern in _MARKINGS:
        found = pattern.search(text)
        if found:
            return re.sub(r"[^\u4e00-\u9fff★☆]", "", found[0])
    return ""
