"""A NETCONF session of Junos: RFC 6241's operations, Junos' own, and every rpc that shows something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendor import NetconfRefused, NetconfService
from netloom.lab.simulation.vendors.juniper_junos import ping
from netloom.lab.simulation.vendors.juniper_junos.config_xml import configuration, pruned
from netloom.lab.simulation.vendors.juniper_junos.configure import load
from netloom.lab.simulation.vendors.juniper_junos.database import (
    CommitOptions,
    Database,
    DatabaseRefused,
    Edit,
    Mode,
    database_of,
)
from netloom.lab.simulation.vendors.juniper_junos.difference import difference
from netloom.lab.simulation.vendors.juniper_junos.elements import (
    CONFIGURATION,
    JUNOS,
    Element,
    json_text,
    plain,
    xml_text,
)
from netloom.lab.simulation.vendors.juniper_junos.loading import (
    Loaded,
    LoadFault,
    load_json,
    load_set,
    load_text,
    load_xml,
)
from netloom.lab.simulation.vendors.juniper_junos.pipes import piped, split_pipes
from netloom.lab.simulation.vendors.juniper_junos.registry import shows_by_rpc
from netloom.lab.simulation.vendors.juniper_junos.shell import JunosShell
from netloom.lab.simulation.vendors.juniper_junos.shows import NotShown, moment
from netloom.model.config import Config
from netloom.platforms.juniper_junos.tree import JunosConfig, set_lines
from netloom.platforms.juniper_junos.xml_text import read_xml

_DEFAULT_S = 600.0
_OK = "<ok/>"


class JunosNetconf(NetconfService):
    """One session."""

    capabilities: ClassVar[tuple[str, ...]] = (  # type: ignore[misc] # the same for every session
        "urn:ietf:params:netconf:base:1.0",
        "urn:ietf:params:netconf:capability:candidate:1.0",
        "urn:ietf:params:netconf:capability:confirmed-commit:1.0",
        "urn:ietf:params:netconf:capability:validate:1.0",
        "urn:ietf:params:netconf:capability:url:1.0?scheme=http,ftp,file",
        "urn:ietf:params:xml:ns:netconf:base:1.0",
        "urn:ietf:params:xml:ns:netconf:capability:candidate:1.0",
        "urn:ietf:params:xml:ns:netconf:capability:confirmed-commit:1.0",
        "urn:ietf:params:xml:ns:netconf:capability:validate:1.0",
        "urn:ietf:params:xml:ns:netconf:capability:url:1.0?scheme=http,ftp,file",
        "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring",
        "http://xml.juniper.net/netconf/junos/1.0",
        "http://xml.juniper.net/dmi/system/1.0",
        "urn:netloom:simulated",
    )

    def __init__(self, device: Device, user: str, session_id: int) -> None:
        super().__init__(device, user, session_id)
        self._edit: Edit = self._joined()

    def _joined(self, mode: Mode = "shared") -> Edit:
        edit = self._database.join(self.user, "netconf", mode, self.session_id)
        edit.drop = self._dropped
        return edit

    def _dropped(self) -> None:
        self.hang_up()  # the server's, which it gives when the session has begun

    @property
    def _database(self) -> Database:
        return database_of(self.device)

    async def rpc(self, operation: Any) -> str:
        asked = plain(operation)
        act = _OPERATIONS.get(asked.tag)
        try:
            if act is not None:
                return act(self, asked)
            return self._shown(asked)
        except NotShown as refused:
            raise NetconfRefused(refused.message, element=refused.element) from refused
        except DatabaseRefused as refused:
            if refused.faults:
                return _commit_faults(refused)
            tag = "lock-denied" if "locked by" in refused.message else "operation-failed"
            raise NetconfRefused(refused.message, tag=tag) from refused

    def closed(self) -> None:
        self._database.leave(self._edit)

    # ---- what is shown -------------------------------------------------------------------------

    def _shown(self, asked: Element) -> str:
        show = shows_by_rpc().get(asked.tag)
        if show is None:
            raise NetconfRefused("syntax error, expecting <command>", element=asked.tag)
        valued = {show.argument, *show.values.values()}
        told = {child.tag: (child.text or "").strip() for child in asked}
        options = {name: text for name, text in told.items() if text or name not in valued}
        form = asked.get("format", "xml")
        if form == "text" or show.element is None:
            return f"<output>\n{escape(show.screen(self.device, options))}</output>"
        element = show.element(self.device, options)
        return json_text([element]) if form == "json" else xml_text(element)

    def command(self, asked: Element) -> str:
        """A command of operational mode."""
        line, pipes = split_pipes((asked.text or "").strip())
        form = asked.get("format", "xml")
        shown = JunosShell(self.device, self.user).shown(line)
        if pipes:
            text = piped(shown, pipes, self.device)
            return (
                text.partition("\n")[2].rpartition("<cli>")[0]
                if text.startswith("<rpc-reply")
                else f"<output>\n{escape(text)}</output>"
            )
        if form == "text" or (shown.elements is None and shown.config is None):
            tag = "configuration-information><configuration-output" if shown.config is not None else "output"
            ends = "".join(f"</{name}>" for name in reversed(tag.split("><")))
            return f"<{tag}>\n{escape(shown.text)}{ends}"
        elements = [configuration(shown.config[0])] if shown.config is not None else list((shown.elements or list)())
        if form == "json":
            return json_text(elements, config=shown.config is not None)
        return "".join(xml_text(element) for element in elements)

    def ping(self, asked: Element) -> str:
        """`ping`."""
        words = [asked.findtext("host") or ""]
        for name in ("count",):
            words += [name, found] if (found := asked.findtext(name)) is not None else []
        return xml_text(ping.ping_element(self.device, words))

    # ---- the configuration, in Junos' own terms ------------------------------------------------

    def _source(self, asked: Element) -> Config:
        if asked.get("rollback") is not None and asked.get("compare") is None:
            return self._database.rolled_back(int(asked.get("rollback") or 0))
        committed = asked.get("database", "candidate") == "committed"
        return self.device.config if committed else self._database.candidate(self._edit)

    def get_configuration(self, asked: Element) -> str:
        """<get-configuration>."""
        if asked.get("compare") == "rollback":
            old = self._database.rolled_back(int(asked.get("rollback", "0")))
            text = difference(old, self._database.candidate(self._edit))
            shown = f"<configuration-output>\n{escape(text)}</configuration-output>"
            return f"<configuration-information>{shown}</configuration-information>"
        config = self._source(asked)
        wanted = asked.find("configuration")
        if wanted is not None and len(wanted):
            root = pruned(self._as_xml(config), wanted)
            if asked.get("format", "xml") == "xml":
                return xml_text(root)
            config = JunosConfig(read_xml(xml_text(root)) if len(root) else {})
        match asked.get("format", "xml"):
            case "text":
                last = self._database.history[0]
                text = escape(f"## Last commit: {moment(last.at)} by {last.user}\n{self._database.text(config)}")
                return f'<configuration-text xmlns="{CONFIGURATION}">\n{text}</configuration-text>'
            case "set":
                text = escape("".join(f"{line}\n" for line in set_lines(config.tree)))
                return f'<configuration-set xmlns="{CONFIGURATION}">\n{text}</configuration-set>'
            case "json":
                return escape(json_text([self._as_xml(config)], config=True))
        return xml_text(self._as_xml(config))

    def _as_xml(self, config: Config) -> Element:
        last = self._database.history[0]
        attributes = {
            "junos:commit-seconds": str(int(last.at)),
            "junos:commit-localtime": moment(last.at),
            "junos:commit-user": last.user,
        }
        return configuration(config.tree, **attributes)

    def load_configuration(self, asked: Element) -> str:
        """<load-configuration> in all its forms."""
        action, form = asked.get("action", "merge"), asked.get("format", "xml")
        config = self._database.candidate(self._edit)
        if (number := asked.get("rollback")) is not None:
            loaded = Loaded(self._database.rolled_back(int(number)))
        elif asked.get("rescue") is not None:
            raise NetconfRefused("rescue configuration does not exist")
        elif (text := asked.findtext("configuration-set")) is not None or action == "set":
            loaded = load_set(config, text or "")
        elif (text := asked.findtext("configuration-text")) is not None:
            loaded = load_text(config, text, _action(action))
        elif (text := asked.findtext("configuration-json")) is not None or form == "json":
            loaded = load_json(config, text or "", _action(action))
        elif (root := asked.find("configuration")) is not None:
            loaded = load_xml(config, root, _action(action))
        elif (url := asked.get("url")) is not None:
            loaded = self._from_file(config, url, action)
        else:
            raise NetconfRefused("missing configuration", tag="missing-element", element="configuration")
        return self._loaded(loaded, keep=action == "set")

    def _from_file(self, config: Config, url: str, action: str) -> Loaded:
        name = url.removeprefix("file://").lstrip("/")
        if name not in self.device.files:
            raise NetconfRefused(f"could not open file: {url}")
        return load(config, self.device.files[name].decode("utf-8", "backslashreplace"), action)

    def _loaded(self, loaded: Loaded, *, keep: bool) -> str:
        """Take a load over, and say how it went: of commands, those that are right count."""
        if not loaded.errors or keep:
            self._database.change(self._edit, loaded.config)
        faults = "".join(_fault(fault) for fault in loaded.faults)
        end = "<ok/>" if loaded.faults else "<load-success/>"
        if loaded.errors:
            end = f"<load-error-count>{loaded.errors}</load-error-count>"
        return f"<load-configuration-results>{faults}{end}</load-configuration-results>"

    def commit_configuration(self, asked: Element) -> str:
        """<commit-configuration>."""
        if asked.find("check") is not None:
            self._database.check(self._edit)
            engine = "<routing-engine><name>re0</name><commit-check-success/></routing-engine>"
            return f'<commit-results xmlns:junos="{JUNOS}">{engine}</commit-results>'
        seconds: float | None = None
        if asked.find("confirmed") is not None:
            minutes = asked.findtext("confirm-timeout") or "10"
            if not minutes.isdigit() or not int(minutes):
                raise NetconfRefused("invalid value", element="confirm-timeout")
            seconds = int(minutes) * 60.0
        self._database.commit(self._edit, CommitOptions(log=asked.findtext("log") or "", seconds=seconds))
        engine = "<routing-engine><name>re0</name><commit-success/></routing-engine>"
        return f'<commit-results xmlns:junos="{JUNOS}">{engine}</commit-results>'

    def open_configuration(self, asked: Element) -> str:
        """<open-configuration> with a private copy."""
        database = self._database
        if asked.find("exclusive") is not None:
            database.lock(self._edit)
            return _OK
        database.leave(self._edit)
        if asked.find("private") is None:
            self._edit = self._joined()
            return _OK
        try:
            self._edit = self._joined("private")
        except DatabaseRefused:
            self._edit = self._joined()
            raise
        return _fault(LoadFault("uncommitted changes will be discarded on exit", severity="warning"))

    def close_configuration(self, asked: Element) -> str:
        """<close-configuration>: the private copy goes."""
        del asked
        self._database.leave(self._edit)
        self._edit = self._joined()
        return _OK

    # ---- RFC 6241 ------------------------------------------------------------------------------

    def _store(self, asked: Element, where: str) -> str:
        place = asked.find(where)
        return place[0].tag if place is not None and len(place) else "candidate"

    def lock(self, asked: Element) -> str:
        """<lock> of the candidate; Junos locks the running one with it."""
        del asked
        self._database.lock(self._edit)
        return _OK

    def unlock(self, asked: Element) -> str:
        """<unlock>."""
        del asked
        self._database.unlock(self._edit)
        return _OK

    def get_config(self, asked: Element) -> str:
        """<get-config>."""
        running = self._store(asked, "source") == "running"
        config = self.device.config if running else self._database.candidate(self._edit)
        wanted = asked.find("filter/configuration")
        if wanted is not None and len(wanted):
            return f"<data>{xml_text(pruned(configuration(config.tree), wanted))}</data>"
        if config is not self.device.config:
            return f"<data>{xml_text(configuration(config.tree))}</data>"
        if "xml" not in self.device.shown:
            self.device.shown["xml"] = xml_text(configuration(config.tree))
        return f"<data>{self.device.shown['xml']}</data>"

    def edit_config(self, asked: Element) -> str:
        """<edit-config>."""
        if self._store(asked, "target") != "candidate":
            raise NetconfRefused("the running configuration cannot be edited", tag="operation-not-supported")
        config = self._database.candidate(self._edit)
        operation = asked.findtext("default-operation") or "merge"
        action = {"replace": "override", "none": "merge"}.get(operation.strip(), "merge")
        root, text = asked.find("config/configuration"), asked.findtext("config-text/configuration-text")
        if text is not None:
            loaded = load_text(config, text, _action(action))
        elif root is not None:
            loaded = load_xml(config, root, _action(action))
        else:
            raise NetconfRefused("missing configuration", tag="missing-element", element="config")
        if loaded.errors:
            return "".join(_fault(fault) for fault in loaded.faults)
        self._database.change(self._edit, loaded.config)
        return _OK

    def copy_config(self, asked: Element) -> str:
        """<copy-config>, to the candidate."""
        if self._store(asked, "target") != "candidate":
            raise NetconfRefused("only the candidate can be written", tag="operation-not-supported")
        source = asked.find("source/config/configuration")
        if source is None:
            self._database.change(self._edit, self.device.config)
            return _OK
        loaded = load_xml(self._database.candidate(self._edit), source, "override")
        if loaded.errors:
            return "".join(_fault(fault) for fault in loaded.faults)
        self._database.change(self._edit, loaded.config)
        return _OK

    def delete_config(self, asked: Element) -> str:
        """<delete-config> of the candidate."""
        del asked
        self._database.change(self._edit, JunosConfig({}))
        return _OK

    def validate(self, asked: Element) -> str:
        """<validate>."""
        del asked
        self._database.check(self._edit)
        return _OK

    def commit(self, asked: Element) -> str:
        """<commit>, also <confirmed/> with <persist>: the timeout is in seconds."""
        database = self._database
        waiting = database.waiting
        given = asked.findtext("persist-id")
        if given is not None and (waiting is None or waiting.persist != given):
            raise NetconfRefused("no confirmed commit has this persist-id", tag="invalid-value")
        if waiting is not None and waiting.persist is not None and given is None:
            raise NetconfRefused("a persistent confirmed commit waits", tag="in-use")
        seconds = None
        if asked.find("confirmed") is not None:
            timeout = asked.findtext("confirm-timeout") or str(_DEFAULT_S)
            seconds = float(timeout)
        options = CommitOptions(seconds=seconds, persist=asked.findtext("persist"), bound=seconds is not None)
        database.commit(self._edit, options)
        return _OK

    def cancel_commit(self, asked: Element) -> str:
        """<cancel-commit>."""
        waiting = self._database.waiting
        if waiting is None or waiting.persist != asked.findtext("persist-id"):
            raise NetconfRefused("no confirmed commit waits", tag="operation-failed")
        self._database.revert()
        return _OK

    def discard_changes(self, asked: Element) -> str:
        """<discard-changes>."""
        del asked
        base = self._edit.base if self._edit.base is not None else self.device.config
        self._database.change(self._edit, base)
        return _OK

    def kill_session(self, asked: Element) -> str:
        """<kill-session>: what it had locked is free."""
        number = asked.findtext("session-id") or ""
        edit = self._database.edits.get(int(number)) if number.isdigit() else None
        if edit is None or edit.number == self.session_id:
            raise NetconfRefused("invalid session-id", tag="invalid-value")
        self._database.leave(edit)
        edit.drop()
        return _OK

    def reboot(self, asked: Element) -> str:
        """<request-reboot>."""
        del asked
        self.device.reboot()
        said = "<request-reboot-status>Shutdown NOW!</request-reboot-status>"
        return f"<request-reboot-results>{said}</request-reboot-results>"


def _action(word: str) -> Any:
    if word not in ("merge", "replace", "override", "update"):
        raise NetconfRefused("invalid value", tag="invalid-value", element=word)
    return word


def _fault(fault: LoadFault) -> str:
    path = f"<error-path>{escape(fault.path)}</error-path>" if fault.path else ""
    element = f"<error-info><bad-element>{escape(fault.element)}</bad-element></error-info>" if fault.element else ""
    return (
        f"<rpc-error><error-type>protocol</error-type><error-tag>operation-failed</error-tag>"
        f"<error-severity>{fault.severity}</error-severity>{path}"
        f"<error-message>{escape(fault.message)}</error-message>{element}</rpc-error>"
    )


def _commit_faults(refused: DatabaseRefused) -> str:
    faults = [LoadFault(fault.message, fault.element, fault.level) for fault in refused.faults]
    shown = "".join(_fault(fault) for fault in (*faults, LoadFault(refused.message)))
    return f'<commit-results xmlns:junos="{JUNOS}">{shown}</commit-results>'


_OPERATIONS: dict[str, Callable[[JunosNetconf, Element], str]] = {
    "command": JunosNetconf.command,
    "cli": JunosNetconf.command,
    "ping": JunosNetconf.ping,
    "get-configuration": JunosNetconf.get_configuration,
    "load-configuration": JunosNetconf.load_configuration,
    "commit-configuration": JunosNetconf.commit_configuration,
    "open-configuration": JunosNetconf.open_configuration,
    "close-configuration": JunosNetconf.close_configuration,
    "lock-configuration": JunosNetconf.lock,
    "unlock-configuration": JunosNetconf.unlock,
    "lock": JunosNetconf.lock,
    "unlock": JunosNetconf.unlock,
    "get-config": JunosNetconf.get_config,
    "edit-config": JunosNetconf.edit_config,
    "copy-config": JunosNetconf.copy_config,
    "delete-config": JunosNetconf.delete_config,
    "validate": JunosNetconf.validate,
    "commit": JunosNetconf.commit,
    "cancel-commit": JunosNetconf.cancel_commit,
    "discard-changes": JunosNetconf.discard_changes,
    "kill-session": JunosNetconf.kill_session,
    "request-reboot": JunosNetconf.reboot,
}
