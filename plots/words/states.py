"""The state diagram."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "paths-closed": (
        "{Side} closed first and waits in TIME_WAIT; {peer} passes CLOSE_WAIT and LAST_ACK",
        "{side}先关闭，停在 TIME_WAIT；{peer}经过 CLOSE_WAIT 和 LAST_ACK",
    ),
    "paths-closed-both": (
        "Both closed at once: each passes CLOSING and waits in TIME_WAIT",
        "双方同时关闭：各自经过 CLOSING，停在 TIME_WAIT",
    ),
    "paths-reset-same": ("RST takes both ends from {state} to CLOSED", "RST 使双方从 {state} 直接进入 CLOSED"),
    "paths-reset-both": (
        "RST takes the client from {client}, the server from {server} to CLOSED",
        "RST 使客户端从 {client}、服务器从 {server} 直接进入 CLOSED",
    ),
    "paths-reset-one": (
        "RST takes {side} from {before} to CLOSED; {peer} ends in {state}",
        "RST 使{side}从 {before} 直接进入 CLOSED；{peer}止于 {state}",
    ),
    "paths-reset-stays": (
        "RST takes {side} from {before} to CLOSED; {peer} stays in {state}",
        "RST 使{side}从 {before} 直接进入 CLOSED；{peer}一直处于 {state}",
    ),
    "paths-reset-alone": (
        "RST takes {side} from {before} to CLOSED",
        "RST 使{side}从 {before} 直接进入 CLOSED",
    ),
    "paths-open": (
        "When the capture ends, the client is in {client}, the server in {server}",
        "抓包结束时，客户端处于 {client}，服务器处于 {server}",
    ),
    "paths-end": ("The client ends in {client}, the server in {server}", "客户端止于 {client}，服务器止于 {server}"),
    "paths-open-same": ("When the capture ends, both ends are in {state}", "抓包结束时，双方都处于 {state}"),
    "paths-end-same": ("Both sides end in {state}", "双方都止于 {state}"),
    "paths-one": (
        "{Side} ends in {state}; of {peer}'s states nothing is known",
        "{side}止于 {state}；{peer}的状态无从得知",
    ),
    "paths-none": ("No state of either end can be told", "看不出任何一端的状态"),
    "paths-subtitle": (
        "{file}, connection {number}: {steps} state changes, {packets} packets.",
        "{file}，连接 {number}：{steps} 次状态变化，{packets} 个报文。",
    ),
    "paths-traced": (
        "States from the kernel's record, else inferred from the packets.",
        "状态由内核记录，没有记录的由报文推断。",
    ),
    "paths-inferred": ("States are inferred from the packets.", "状态由报文推断。"),
    "paths-figure": (
        "Diagram: RFC 9293, figure 5 with its note 2, and 3.10.7.4; CLOSED twice, as in the figure.",
        "状态图见 RFC 9293 图 5（含注 2）和 3.10.7.4；CLOSED 画两次，同原图。",
    ),
    "step-sent": ("#{frame} {what} sent", "#{frame} 发出 {what}"),
    "step-received": ("#{frame} {what} received", "#{frame} 收到 {what}"),
    "step-silent": ("at {time} s, no packet", "{time} s 时，没有报文"),
    "step-silent-by": ("by {time} s, no packet", "最晚 {time} s，没有报文"),
    "step-called": ("at {time} s, {call}()", "{time} s 时，{call}()"),
    "step-by": ("no packet, by then", "没有报文，最晚此时"),
    "step-data": ("data", "数据"),
    "step-none": ("no packet", "没有报文"),
    "states-starred": ("* by the kernel's record; else inferred from packets", "* 内核的记录；其余由报文推断"),
    "step-awaited": ("not in the capture", "不在抓包之内"),
    "step-awaited-2-msl": ("2 MSL, not in the capture", "2 MSL，不在抓包之内"),
    "step-elsewhere": (
        "{before} to {after}, {what}: no transition of the diagram",
        "{before} 到 {after}，{what}：图中没有这个转换",
    ),
    "step-from-unknown": (
        "{after}, {what}: its state before is not in the capture",
        "{after}，{what}：此前的状态不在抓包之内",
    ),
    "steps-left-out": ("{n} more steps are not shown", "另有 {n} 步没有画出"),
    "steps-more": ("and {n} more", "另有 {n} 次"),
    "tag-start": ("{who} starts", "{who}起点"),
    "tag-end": ("{who} ends", "{who}终点"),
    "tag-start-end": ("{who} starts, ends", "{who}起点、终点"),
    "tag-stay": ("{who} stays", "{who}不变"),
    "tag-start-both": ("both start here", "双方起点"),
    "tag-end-both": ("both end here", "双方终点"),
    "tag-start-end-both": ("both start and end", "双方起点、终点"),
    "tag-stay-both": ("both stay here", "双方不变"),
    "ends-in": ("ends in", "止于"),
    "no-state": ("Of {side}'s states nothing is known.", "{side}的状态无从得知。"),
    "legend-paths": ("paths", "路径"),
    "legend-path-client": ("client", "客户端"),
    "legend-path-server": ("server", "服务器"),
    "legend-step-traced": ("by the kernel's record", "内核的记录"),
    "legend-step-inferred": ("inferred from packets", "由报文推断"),
    "legend-step-awaited": ("expected, not seen", "预计，未见"),
    "legend-step-reset": ("by RST", "因 RST"),
    "legend-end": ("where an end stops", "一端停在这里"),
    "legend-not-taken": ("not taken: event / action", "未经过：事件 / 动作"),
    "alt-step": (
        "Step {number}: {side} goes from {before} to {after}: {what}",
        "第 {number} 步：{side}从 {before} 到 {after}：{what}",
    ),
}
