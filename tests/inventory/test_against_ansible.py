"""Random inventories: what ansible-inventory finds in them is what is found here."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from netloom.inventory.sources import load_inventory
from netloom.inventory.writers import as_json

pytestmark = pytest.mark.skipif(shutil.which("ansible-inventory") is None, reason="ansible-inventory is not installed")

GROUPS = ["ga", "gb", "gc", "gd", "ge"]
HOSTS = ["h1", "h2", "h3", "h4"]
VARIABLES = ["a", "b", "c", "d"]


class Maker:
    """Writes sources that set few variables in many places; a group's children come after it in one random order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secrets are made
        self.order = self.random.sample(GROUPS, len(GROUPS))
        self.count = 0

    def values(self) -> dict[str, Any]:
        self.count += 1
        return {name: f"{name}{self.count}" for name in self.random.sample(VARIABLES, self.random.randint(0, 3))}

    def often(self, chance: float) -> bool:
        return self.random.random() < chance

    def some_hosts(self) -> list[str]:
        return self.random.sample(HOSTS, self.random.randint(0, 3))

    def priority(self) -> dict[str, Any]:
        return {"ansible_group_priority": self.random.randint(0, 4)} if self.often(0.3) else {}

    def below(self, at: int) -> list[int]:
        return [child for child in range(at + 1, len(self.order)) if self.often(0.35)]

    def yaml_group(self, at: int, depth: int = 0) -> dict[str, Any]:
        parts: dict[str, Any] = {
            "hosts": {host: self.values() or None for host in self.some_hosts()},
            "vars": self.values() | (self.priority() if at >= 0 else {}),
        }
        if depth < 4:
            parts["children"] = {
                self.order[child]: self.yaml_group(child, depth + 1) if self.often(0.7) else None
                for child in self.below(at)
            }
        return {name: parts[name] for name in self.random.sample(sorted(parts), len(parts)) if self.often(0.7)}

    def yaml(self) -> str:
        groups = {name: self.yaml_group(at) for at, name in enumerate(self.order) if self.often(0.6)}
        return yaml.safe_dump(groups | {"all": self.yaml_group(-1)}, sort_keys=False)

    def ini(self) -> str:
        def assignments(values: dict[str, Any]) -> list[str]:
            return [f"{name}={value}" for name, value in values.items()]

        def hosts() -> list[str]:
            return [" ".join([host, *assignments(self.values())]) for host in self.some_hosts()]

        sections = [["[all:vars]", *assignments(self.values())]]
        for at, name in enumerate(self.order):
            sections.append([f"[{name}]", *hosts()])
            sections.append([f"[{name}:children]", *(self.order[child] for child in self.below(at))])
            sections.append([f"[{name}:vars]", *assignments(self.values() | self.priority())])
        self.random.shuffle(sections)
        return "\n".join([*hosts(), *(line for section in sections for line in section)]) + "\n"

    def sources(self, root: Path) -> list[Path]:
        found = []
        for number in range(self.random.randint(1, 3)):
            folder = root / f"source{number}"
            folder.mkdir()
            (folder / "hosts").write_text(self.yaml() if self.often(0.6) else self.ini())
            if self.often(0.3):
                (folder / "more.ini").write_text(self.ini())
            for kind, names in (("group_vars", [*GROUPS, "all", "ungrouped"]), ("host_vars", HOSTS)):
                (folder / kind).mkdir()
                for name in names:
                    if self.often(0.35):
                        suffix = self.random.choice(["", ".yml", ".yaml", ".json"])
                        (folder / kind / (name + suffix)).write_text(json.dumps(self.values()))
            found.append(folder if self.often(0.5) else folder / "hosts")
        return found


@pytest.mark.parametrize("seed", range(12))
def test_hosts_groups_and_variables_are_the_same(tmp_path: Path, seed: int) -> None:
    sources = Maker(seed).sources(tmp_path)
    argv = ["ansible-inventory", "--list", *(word for source in sources for word in ("-i", str(source)))]
    expected = json.loads(subprocess.run(argv, capture_output=True, check=True, text=True).stdout)
    expected["_meta"].pop("profile", None)
    assert as_json(load_inventory(sources)) == expected
