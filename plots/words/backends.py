"""What outputs add of their own: packet scripts, Mermaid."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # packet script
    "script-seen": ("Seen from {side}: < arrives there, > leaves it.", "从{side}一方看：< 到达，> 离开。"),
    "script-seen-error": (
        "Seen from {side}, whose call failed: < arrives there, > leaves it.",
        "从{side}一方看，它的调用失败了：< 到达，> 离开。",
    ),
    "script-seen-calls": (
        "Seen from {side}, whose calls are known: < arrives there, > leaves it.",
        "从{side}一方看，它的调用是已知的：< 到达，> 离开。",
    ),
    "script-seen-reset": (
        "Seen from {side}, to which the RST was sent: < arrives there, > leaves it.",
        "从{side}一方看，RST 是发给它的：< 到达，> 离开。",
    ),
    "script-folded": (
        "Left out here: {title}; from the client {to_server}; from the server {to_client}",
        "此处略去：{title}；客户端发出 {to_server}；服务器发出 {to_client}",
    ),
    "script-copies": ("captured {n} times", "被捕获 {n} 次"),
    # mermaid
    "mermaid-path": ("on the path", "路径上"),
}
