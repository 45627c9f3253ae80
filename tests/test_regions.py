"""Which place the name of an organisation or a folder speaks of; nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.knowledge.regions import GazetteerEntry, gazetteer, region_of, region_of_folders
from analysis.terms.region import Region

BOOK = gazetteer()
ENTRIES = sorted(BOOK.by_code.values(), key=lambda place: str(place.code))
OFFICES = (
    "",
    "教育局",
    "人民政府万里街道办事处",
    "高级人民法院",
    "城市管理局",
    "市场监督管理局",
    "绿化和市容管理局",
    "社区服务中心",
)


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("上海市普陀区万里街道", "上海市普陀区", "310107"),
        ("江苏省高级人民法院", "江苏省", "320000"),
        ("南京市", "南京市", "320100"),
        ("平潭综合实验区财政金融局", "平潭综合实验区", "350128"),
        ("福建省平潭综合实验区农业农村局", "福建省平潭综合实验区", "350128"),
        ("中共上海市普陀区委员会", "上海市普陀区", "310107"),
        ("国家税务总局上海市税务局", "上海市", "310000"),
        ("济南市市中区教育局", "济南市市中区", "370103"),
        ("济南市中级人民法院", "济南市", "370100"),
        ("凉山彝族自治州西昌市民政局", "凉山彝族自治州西昌市", "513401"),
        ("湖北省仙桃市教育局", "湖北省仙桃市", "429004"),
        ("和县教育局", "和县", "340523"),
        ("江苏省驻上海市办事处", "江苏省", "320000"),
        ("苏州工业园区教育局", "苏州工业园区", None),
        ("蜀江县教育局", "蜀江县", None),
        ("四川省蜀江县教育局", "四川省蜀江县", None),
        ("江南省蜀江县教育局", "江南省蜀江县", None),
        ("云江市朝阳区教育局", "云江市朝阳区", None),
        ("南京市朝阳区教育局", "南京市朝阳区", None),
        ("鼓楼区教育局", "鼓楼区", None),
    ],
)
def test_the_most_specific_place_of_a_name(text: str, name: str, code: str | None) -> None:
    assert region_of(text) == Region(name, code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "教育局",
        "市财政局",
        "城市管理局",
        "绿化和市容管理局",
        "社区服务中心",
        "某区司法局",
        "各县",
        "推进和县域经济办公室",
    ],
)
def test_a_name_without_a_place_has_none(text: str) -> None:
    assert region_of(text) is None


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        ((), None),
        (("320100",), "320106"),
        (("320105",), "320106"),  # another district of the same city
        (("320000",), None),  # Nanjing and Xuzhou both have one
        (("350000",), "350102"),
        (("410000",), "410204"),
        (("320100", "320300"), None),
        (("310107",), None),
    ],
)
def test_a_name_that_several_counties_bear_needs_a_place_beside(beside: tuple[str, ...], code: str | None) -> None:
    assert region_of("鼓楼区教育局", beside) == Region("鼓楼区", code)


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        (["江苏省", "南京市"], Region("江苏省南京市", "320100")),
        (["江苏", "南京"], Region("江苏省南京市", "320100")),
        (["2024", "上海市普陀区"], Region("上海市普陀区", "310107")),
        (["福建省福州市", "鼓楼区"], Region("福建省福州市鼓楼区", "350102")),
        (["江苏省 2024年"], Region("江苏省", "320000")),
        (["鼓楼区"], None),
        (["各县", "部门预算"], None),
        ([], None),
    ],
)
def test_folders_named_after_places(folders: list[str], expected: Region | None) -> None:
    assert region_of_folders(folders) == expected


@given(st.sampled_from(ENTRIES), st.sampled_from(OFFICES))
def test_every_entry_is_known_by_its_full_name_whatever_office_follows(place: GazetteerEntry, office: str) -> None:
    assert place.code is not None
    full = BOOK.full_name(place.code)
    assert region_of(full + office) == Region(full, place.code)


@given(st.sampled_from(ENTRIES), st.sampled_from(OFFICES), st.data())
def test_a_bare_name_never_means_another_place_than_one_of_that_name(
    place: GazetteerEntry, office: str, data: st.DataObject
) -> None:
    beside = data.draw(st.lists(st.sampled_from(sorted(BOOK.by_code)), max_size=2))
    found = region_of(place.name + office, beside)
    assert found is not None
    assert found.name == place.name
    namesakes = {one.code for one in BOOK.by_name[place.name]}
    assert found.code in namesakes | {None}
    assert len(namesakes) > 1 or found.code == place.code


@given(st.text(alphabet="上海市普陀区江苏省鼓楼县和蜀教育局中共驻新", max_size=12))
def test_what_is_found_is_printed_and_its_code_is_a_place(text: str) -> None:
    found = region_of(text)
    if found is not None:
        assert found.name
        assert set(found.name) <= set(text)
        assert found.code is None or found.code in BOOK.by_code


def test_the_list_is_that_of_the_standard() -> None:
    assert len([code for code in BOOK.by_code if code.endswith("0000")]) == 34
    assert all(place.parent in BOOK.by_code for place in ENTRIES if place.parent)
    assert BOOK.rules.source.licence == "MIT"
