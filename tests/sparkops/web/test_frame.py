"""The long lists of the page frame: their marks, and that names stay text."""

from sparkops.web.frame import client_links, nav_links

HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def test_the_menu_marks_where_one_is_and_heads_each_group_once():
    drawn = nav_links(
        [
            {"key": "today", "label": "Today", "url": "/t/", "icon": "today", "current": True},
            {"key": "posts", "label": HOSTILE, "url": "/p/", "icon": "video", "group": "Recruit"},
            {"key": "ads", "label": "Ads", "url": "/a/", "icon": "mega", "group": "Recruit",
             "count": 3, "hot": True},
        ]
    )  # fmt: skip
    assert drawn.count('aria-current="page"') == 1
    assert drawn.index('aria-current="page"') < drawn.index("Today") < drawn.index("Recruit")
    assert drawn.count("Recruit") == 1
    assert 'class="count hot" id="nav-count-ads">3<' in drawn
    assert 'id="nav-count-posts" hidden>' in drawn
    assert "<img" not in drawn


def test_the_switcher_ticks_the_open_client_and_remembers_no_other_persons_place():
    places = [
        {"name": HOSTILE, "url": "/c/one/", "current": True},
        {"name": "Lumen", "url": "/c/two/", "current": False, "sub": "2"},
    ]
    first = client_links(places)
    assert first.count('aria-current="true"') == 1
    assert "<img" not in first
    assert '<span class="t3">2</span>' in first
    moved = client_links([{**places[0], "current": False}, {**places[1], "current": True}])
    assert moved.index('aria-current="true"') > moved.index("/c/two/")
