"""Where a variable comes from, in INI and YAML, and what it wins over."""

from __future__ import annotations

from pathlib import Path

import pytest

from netloom.errors import UsageError
from netloom.inventory.inventory import Inventory, Origin
from netloom.inventory.sources import load_inventory


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def places(inventory: Inventory, host: str, variable: str, folder: Path) -> list[str]:
    """The strongest place first, with its scope and value."""
    origin = inventory.origin(host, variable)
    chain: list[Origin] = [origin, *origin.overridden]
    return [f"{item.place.removeprefix(f'{folder}/')} {item.scope} {item.value}" for item in chain]


def test_yaml_and_ini_and_files_give_line_and_column(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "1.yml": "all:\n  vars:\n    mtu: 1\n  children:\n    leaf:\n      vars: {site: par, mtu: 2}\n"
            "      hosts:\n        leaf[1:2]:\n          mtu: 3\n",
            "2.ini": "[leaf]\nleaf1   mtu=4  x=1\n\n[leaf:vars]\n\n  mtu = 5\n",
            "group_vars/all.yml": "---\n# all\nmtu: 6\n",
            "group_vars/leaf/a.yml": "x: 0\nmtu: 7\n",
            "host_vars/leaf1.json": '{"y": 1,\n "mtu": 8}\n',
        },
    )
    inventory = load_inventory([tmp_path / "1.yml", tmp_path / "2.ini"])
    assert places(inventory, "leaf1", "mtu", tmp_path) == [
        "host_vars/leaf1.json:2:2 host_vars leaf1 8",
        "2.ini:2:9 host leaf1 4",
        "1.yml:9:11 host leaf[1:2] 3",
        "group_vars/leaf/a.yml:2:1 group_vars leaf 7",
        "group_vars/all.yml:3:1 group_vars all 6",
        "2.ini:6:3 group leaf 5",
        "1.yml:6:25 group leaf 2",
        "1.yml:3:5 group all 1",
    ]
    assert places(inventory, "leaf2", "site", tmp_path) == ["1.yml:6:14 group leaf par"]


def test_the_first_place_holds_the_value_in_force() -> None:
    corpus = Path(__file__).parent / "ansible"
    for case in (
        "depth/inventory.ini",
        "priority/inventory.ini",
        "all-files-win/inventory.yml",
        "vars-files/inventory.ini",
    ):
        inventory = load_inventory([corpus / case])
        for host in inventory:
            for name, value in host.variables.items():
                assert inventory.origin(host.name, name).value == value


def test_a_port_after_the_name_comes_from_that_line(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.ini": "\nleaf1:2222 x=1\n"})
    inventory = load_inventory([tmp_path / "inventory.ini"])
    assert places(inventory, "leaf1", "ansible_port", tmp_path) == ["inventory.ini:2:1 host leaf1 2222"]


def test_a_row_of_a_table_gives_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.csv": "name,site\nleaf1,par\n\nleaf2,lyo\n"})
    inventory = load_inventory([tmp_path / "inventory.csv"])
    assert places(inventory, "leaf2", "site", tmp_path) == ["inventory.csv:4 host leaf2 lyo"]


def test_an_unknown_host_or_variable_is_an_error_with_near_names(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.ini": "leaf1 site=par\n"})
    inventory = load_inventory([tmp_path / "inventory.ini"])
    with pytest.raises(UsageError, match=r"leaf1 has no variable 'sit'; did you mean site\?"):
        inventory.origin("leaf1", "sit")
    with pytest.raises(UsageError, match=r"no host is named 'leaf'; did you mean leaf1\?"):
        inventory.origin("leaf", "site")
