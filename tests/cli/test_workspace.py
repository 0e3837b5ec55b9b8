from pathlib import Path

import pytest

from netloom.errors import SourceError, UsageError
from netloom.workspace import find_config, load_workspace


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "netloom.yml"
    path.write_text(text)
    return path


def test_the_settings_file_is_found_in_a_parent_folder(tmp_path: Path) -> None:
    path = write(tmp_path, "parallel: 5\n")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_config(None, start=below, env={}) == path


def test_the_environment_names_a_settings_file_and_a_flag_beats_it(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one", ""), write(tmp_path / "two", "")
    env = {"NETLOOM_CONFIG": str(one)}
    assert find_config(None, start=tmp_path, env=env) == one
    assert find_config(two.parent, start=tmp_path, env=env) == two


def test_the_users_own_settings_are_the_last_resort(tmp_path: Path) -> None:
    path = write(tmp_path / "home" / ".config" / "netloom", "")
    start = tmp_path / "elsewhere"
    start.mkdir()
    assert find_config(None, start=start, env={"HOME": str(tmp_path / "home")}) == path


def test_a_named_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such settings file"):
        find_config(tmp_path / "no.yml", start=tmp_path, env={})


def test_every_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    path = write(tmp_path, "lab: fabric6\nparallel: 5\n")
    workspace = load_workspace(path, env={"NETLOOM_PARALLEL": "7"})
    assert (workspace["parallel"], workspace.settings["parallel"].origin) == (7, "env NETLOOM_PARALLEL")
    assert (workspace["lab"], workspace.settings["lab"].origin) == ("fabric6", f"{path}:1")
    assert workspace.settings["canary"].origin == "default"
    assert workspace.root == tmp_path.resolve()


def test_a_commands_section_gives_its_options_defaults(tmp_path: Path) -> None:
    workspace = load_workspace(write(tmp_path, "plan:\n  limit: leaf*\n"), env={})
    assert workspace.command_defaults == {"plan": {"limit": "leaf*"}}


BAD = {
    "paralel: 5\n": '1:1 paralel: unknown key; did you mean "parallel"?',
    "parallel: many\n": "1:11 parallel: expected a whole number, got 'many'",
    "lab: 6\n": "1:6 lab: expected text, got 6",
    "- a\n": "1:1 expected settings as `name: value`",
    "a: [\n": "2:1 did not find expected node content",
    "canary: 1\ncanary: 2\n": "2:1 duplicate key 'canary'",
}


@pytest.mark.parametrize(("text", "message"), BAD.items())
def test_what_is_wrong_in_the_settings_has_a_place(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        load_workspace(path, env={})
    assert str(caught.value).startswith(f"{path}:{message}")


def test_a_wrong_value_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="NETLOOM_PARALLEL"):
        load_workspace(write(tmp_path, ""), env={"NETLOOM_PARALLEL": "lots"})
