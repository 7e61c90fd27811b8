"""Yearly values are dated and sourced; what nobody verified is not shown as certain."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from backend.law import values

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("key", sorted(values.keys()))
def test_every_value_has_a_name_and_where_it_has_an_amount_a_source(key: str) -> None:
    found = values.value(key, TODAY)
    assert found.name
    assert bool(found.source) == (found.amount is not None)


def test_a_value_holds_from_its_date_until_the_next() -> None:
    assert values.value("urban_income_year", date(2025, 12, 31)).amount == "54188"
    assert values.value("urban_income_year", date(2026, 1, 1)).amount == "56502"
    assert values.value("urban_income_year", date(2024, 12, 31)).amount is None


def test_a_computed_value_follows_its_origin() -> None:
    assert values.value("work_death_lump", TODAY).amount == "1130040"
    assert values.value("minimum_wage_month_80", TODAY).amount == "1480"
    assert values.value("average_wage_month_3x", TODAY).amount is None


def test_an_unverified_value_is_never_shown_and_a_verified_one_with_its_unit() -> None:
    unsure = values.Value("x", "名称", "1850", "元", "来源", is_verified=False)
    sure = values.Value("x", "名称", "1850", "元", "来源", is_verified=True)
    assert unsure.shown == values.UNCERTAIN
    assert sure.shown == "1850元"


def test_another_bureau_brings_its_own_values_and_all_of_them(tmp_path: Path) -> None:
    whole = yaml.safe_load(values._PACKAGED.read_text("utf-8"))
    row = {"from": date(2026, 1, 1), "value": "2080", "source": "粤府函", "state": "verified"}
    whole["minimum_wage_month"]["rows"] = [row]
    mine = tmp_path / "values.yaml"
    mine.write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
    try:
        values.use_file(mine)
        assert values.value("minimum_wage_month", TODAY).shown == "2080元"
        assert values.value("minimum_wage_month_80", TODAY).shown == "1664元"
        mine_short = tmp_path / "short.yaml"
        mine_short.write_text("minimum_wage_month: {name: x, unit: 元, rows: []}", "utf-8")
        with pytest.raises(ValueError, match="minimum_wage_hour"):
            values.use_file(mine_short)
        assert values.value("minimum_wage_month", TODAY).shown == "2080元"
    finally:
        values.use_file(None)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        values.value("nothing", TODAY)
