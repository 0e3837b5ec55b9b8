"""The system itself: version, chassis, routing engine, uptime, users, commits, clock servers."""

from __future__ import annotations

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.juniper_junos.database import JunosCommit, database_of
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, listed
from netloom.lab.simulation.vendors.juniper_junos.shows import (
    NotShown,
    Options,
    Show,
    columns,
    moment,
    seconds_of,
    span,
    told,
)
from netloom.model.ntp import Ntp

MODEL = "vqfx-simulated"
VERSION = "21.4R1.12"
NOTE = f"JUNOS OS simulated by netloom [{VERSION}]"


def _version(device: Device, options: Options) -> Element:
    del options
    package = el("package-information", el("name", "junos"), el("comment", NOTE))
    return el(
        "software-information",
        el("host-name", device.hostname),
        el("product-model", MODEL),
        el("product-name", MODEL),
        el("junos-version", VERSION),
        package,
    )


def _version_screen(device: Device, options: Options) -> str:
    del options
    return f"Hostname: {device.hostname}\nModel: {MODEL}\nJunos: {VERSION}\n{NOTE}\n"


def _uptime(device: Device, options: Options) -> Element:
    del options
    database = database_of(device)
    now, booted, last = database.clock, database.clock - device.uptime_s, database.history[0]

    def since(name: str, at: float) -> Element:
        return el(
            name, el("date-time", moment(at), seconds_of(at)), el("time-length", span(now - at), seconds_of(now - at))
        )

    configured = since("last-configured-time", last.at)
    configured.append(el("user", last.user))
    return told(
        "system-uptime-information",
        "system",
        el("current-time", el("date-time", moment(now), seconds_of(now))),
        el("time-source", "LOCAL CLOCK"),
        since("system-booted-time", booted),
        since("protocols-started-time", booted),
        configured,
        el(
            "uptime-information",
            el("date-time", moment(now)[11:19], seconds_of(now)),
            el("up-time", span(device.uptime_s), seconds_of(device.uptime_s)),
            el("active-user-count", 1, {"junos:format": "1 users"}),
            el("load-average-1", "0.08"),
            el("load-average-5", "0.05"),
            el("load-average-15", "0.02"),
        ),
    )


def _uptime_screen(device: Device, options: Options) -> str:
    del options
    database = database_of(device)
    now, booted, last = database.clock, database.clock - device.uptime_s, database.history[0]
    return (
        f"Current time: {moment(now)}\nTime Source:  LOCAL CLOCK\n"
        f"System booted: {moment(booted)} ({span(device.uptime_s)} ago)\n"
        f"Protocols started: {moment(booted)} ({span(device.uptime_s)} ago)\n"
        f"Last configured: {moment(last.at)} ({span(now - last.at)} ago) by {last.user}\n"
        f"{moment(now)[11:19]}  up {span(device.uptime_s)}, 1 users, load averages: 0.08, 0.05, 0.02\n"
    )


def _users(device: Device, options: Options) -> Element:
    del options
    database = database_of(device)
    entries = [
        el(
            "user-entry",
            el("user", edit.user),
            el("tty", "pts/0" if edit.client == "cli" else "-"),
            el("from", device.spec.address),
            el("login-time", moment(edit.since)[11:16], seconds_of(edit.since)),
            el("idle-time", "-", seconds_of(0)),
            el("command", "cli" if edit.client == "cli" else "mgd"),
        )
        for edit in database.edits.values()
    ] or [
        el(
            "user-entry",
            el("user", device.spec.username),
            el("tty", "pts/0"),
            el("from", device.spec.address),
            el("login-time", moment(database.clock)[11:16], seconds_of(database.clock)),
            el("idle-time", "-", seconds_of(0)),
            el("command", "cli"),
        )
    ]
    table = listed("user-table", entries)
    return told("system-users-information", "system", el("uptime-information", el("active-user-count", 1), table))


def _users_screen(device: Device, options: Options) -> str:
    rows = [("USER", "TTY", "FROM", "LOGIN@  IDLE WHAT")]
    for entry in _users(device, options).iter("user-entry"):
        told_of = {child.tag: child.text or "" for child in entry}
        what = f"{told_of['login-time']}       - {told_of['command']}"
        rows.append((told_of["user"], told_of["tty"], told_of["from"], what))
    clock = moment(database_of(device).clock)[11:16]
    return f" {clock}  up {span(device.uptime_s)}, 1 users\n" + columns(rows, (9, 9, 36))


def _commit_element(commit: JunosCommit, number: int) -> Element:
    return el(
        "commit-history",
        el("sequence-number", number),
        el("user", commit.user),
        el("client", commit.client),
        el("date-time", moment(commit.at), seconds_of(commit.at)),
        el("comment", commit.timer) if commit.timer else None,
        el("log", commit.comment) if commit.comment else None,
    )


def _commits(device: Device, options: Options) -> Element:
    del options
    commits = database_of(device).history
    return listed("commit-information", [_commit_element(commit, at) for at, commit in enumerate(commits)])


def _commits_screen(device: Device, options: Options) -> str:
    del options
    shown = []
    for number, commit in enumerate(database_of(device).history):
        said = f" {commit.timer}" if commit.timer else ""
        shown.append(f"{number:<3} {moment(commit.at)} by {commit.user} via {commit.client}{said}\n")
        shown += [f"    {line}\n" for line in commit.comment.splitlines()]
    return "".join(shown)


def revision(device: Device) -> str:
    """What names the last commit."""
    history = database_of(device).history
    return f"re0-{int(history[0].at)}-{len(history)}"


def _revision(device: Device, options: Options) -> Element:
    del options
    last = database_of(device).history[0]
    return el(
        "commit-revision-information",
        el("revision", revision(device)),
        el("user", last.user),
        el("client", last.client),
        el("date-time", moment(last.at), seconds_of(last.at)),
        el("comment", last.timer or last.comment) if last.timer or last.comment else None,
    )


def _revision_screen(device: Device, options: Options) -> str:
    del options
    last = database_of(device).history[0]
    told_of = {
        "Revision": revision(device),
        "User": last.user,
        "Client": last.client,
        "Time": moment(last.at),
        "Comment": last.timer or last.comment,
    }
    return "".join(f"{name:<8}: {text}\n" for name, text in told_of.items())


def _information(device: Device, options: Options) -> Element:
    del options
    return el(
        "system-information",
        el("hardware-model", MODEL),
        el("os-name", "junos"),
        el("os-version", VERSION),
        el("serial-number", device.serial),
        el("host-name", device.hostname),
    )


def _information_screen(device: Device, options: Options) -> str:
    del options
    return f"Model: {MODEL}\nFamily: simulated\nJunos: {VERSION}\nHostname: {device.hostname}\n"


def _ntp(device: Device, options: Options) -> str:
    del options
    servers = [server for record in device.records("ntp") if isinstance(record, Ntp) for server in record.servers]
    rows = [
        f"{'+' if at else '*'}{server.address:<16}.SIM.            1 -   {12 + at}   64  377   0.412   -0.021   0.034\n"
        for at, server in enumerate(servers)
    ]
    head = f"     remote           refid      st t when poll reach   delay   offset  jitter\n{'=' * 78}\n"
    return head + "".join(rows) if rows else "ntpq: read: Connection refused\n"


def _file(device: Device, options: Options) -> str:
    name = options.get("filename", "").lstrip("/")
    if name == "etc/hosts.junos":
        return "128.0.0.1 master re re0\n"
    if name not in device.files:
        raise NotShown(f"could not resolve file: /{name}: No such file or directory")
    return device.files[name].decode("utf-8", "backslashreplace")


def _file_element(device: Device, options: Options) -> Element:
    return el("file-content", _file(device, options))


def _files(device: Device, options: Options) -> Element:
    path = options.get("path", "~").replace("~", f"/var/home/{device.spec.username}")
    names = [name for name in device.files if f"/{name}".startswith(path)]
    listing = [
        el("file-information", el("file-name", name), el("file-size", len(device.files[name]))) for name in names
    ]
    return el(
        "directory-list",
        {"root-path": f"{path.rstrip('/')}/"},
        listed("directory", listing, el("directory-name", path)),
    )


def _files_screen(device: Device, options: Options) -> str:
    listing = _files(device, options)
    return f"{listing.get('root-path')}:\n" + "".join(f"{name.text}\n" for name in listing.iter("file-name"))


SHOWS = (
    Show(command="show version", rpcs=("get-software-information",), element=_version, screen=_version_screen),
    Show(
        command="show system uptime",
        rpcs=("get-system-uptime-information",),
        element=_uptime,
        screen=_uptime_screen,
    ),
    Show(command="show system users", rpcs=("get-system-users-information",), element=_users, screen=_users_screen),
    Show(command="show system commit", rpcs=("get-commit-information",), element=_commits, screen=_commits_screen),
    Show(
        command="show system commit revision",
        rpcs=("get-commit-revision-information",),
        element=_revision,
        screen=_revision_screen,
    ),
    Show(
        command="show system information",
        rpcs=("get-system-information",),
        element=_information,
        screen=_information_screen,
    ),
    Show(command="show ntp associations", rpcs=("get-ntp-associations-information",), screen=_ntp),
    Show(command="file show", rpcs=("file-show",), element=_file_element, screen=_file, argument="filename"),
    Show(command="file list", rpcs=("file-list",), element=_files, screen=_files_screen, argument="path"),
)
