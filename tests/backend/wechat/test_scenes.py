"""Signed scenes fit WeChat's limit, come back whole, and no other text is taken for one."""

from __future__ import annotations

import re
import string

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core.errors import NotFound
from backend.wechat.scenes import SceneKind, read_scene, scene_for

ALLOWED = string.ascii_letters + string.digits + "!#$&'()*+,/:;=?@-._~"
KINDS = st.sampled_from(["lecture", "site", "order"])
IDS = st.text(alphabet=string.ascii_lowercase + string.digits + "-", min_size=1, max_size=16)
lightly = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
pytestmark = pytest.mark.usefixtures("_keys")


@pytest.fixture
def _keys(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("app")


@given(kind=KINDS, public_id=IDS)
@lightly
def test_a_scene_fits_and_comes_back(kind: SceneKind, public_id: str) -> None:
    scene = scene_for(kind, public_id)
    assert len(scene) <= 32 and set(scene) <= set(ALLOWED)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", scene)  # also whole in an address
    assert read_scene(scene) == (kind, public_id)


@given(kind=KINDS, public_id=IDS, data=st.data())
@lightly
def test_every_change_of_one_character_is_refused(
    kind: SceneKind, public_id: str, data: st.DataObject
) -> None:
    scene = scene_for(kind, public_id)
    for at in range(len(scene)):
        other = data.draw(st.sampled_from([one for one in ALLOWED if one != scene[at]]))
        with pytest.raises(NotFound):
            read_scene(scene[:at] + other + scene[at + 1 :])
    for wrong in (scene[:-1], scene[1:], scene + "A", f"{scene[0]}{scene}", scene[::-1]):
        with pytest.raises(NotFound):
            read_scene(wrong)


@given(st.text(max_size=64))
@lightly
def test_any_other_text_is_refused_with_words_for_the_person(text: str) -> None:
    with pytest.raises(NotFound, match="认不出来") as refused:
        read_scene(text)
    assert refused.value.code == "unknown_scene"


@pytest.mark.parametrize(
    ("kind", "public_id"),
    [("lecture", ""), ("lecture", "a" * 17), ("lecture", "A"), ("lecture", "a b"), ("case", "a")],
)
def test_no_scene_is_made_for_what_it_cannot_hold(kind: SceneKind, public_id: str) -> None:
    with pytest.raises(ValueError, match="no scene"):
        scene_for(kind, public_id)


def test_a_scanned_code_tells_where_it_leads(client: FlaskClient) -> None:
    scene = scene_for("lecture", "0123456789abcdef")
    found = client.get(f"/api/v1/scenes/{scene}")
    assert (found.status_code, found.json) == (200, {"kind": "lecture", "id": "0123456789abcdef"})
    web = client.get(f"/m/{scene}")
    assert (web.status_code, web.location) == (303, f"/#/pages/home/index?scene={scene}")


@pytest.mark.parametrize("path", ["/api/v1/scenes/{}", "/m/{}"])
def test_a_forged_one_leads_nowhere(client: FlaskClient, path: str) -> None:
    scene = scene_for("site", "abc")
    for wrong in (f"{scene}x", "x", scene.swapcase(), "x" * 500):
        found = client.get(path.format(wrong))
        assert found.status_code == 404 and "认不出来" in found.json["detail"]
