"""A superuser looks after people: names them, gives them roles, and takes nothing away that the form does not show."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))
    return client


def test_an_author_is_added_in_one_step_and_can_write(boss, client):
    author = Group.objects.get(name="author")
    form = {"username": "ann", "usable_password": "true", "email": "ann@example.org", "is_staff": "on"}
    form |= {"password1": "long and odd 77", "password2": "long and odd 77", "is_active": "on"}
    added = boss.post(reverse("admin:auth_user_add"), {**form, "groups": [author.pk]})
    assert added.status_code == 302, added.context["errors"]
    client.logout()
    assert client.login(username="ann", password="long and odd 77")
    assert client.get("/admin/blog/post/add/").status_code == 200
    assert client.get("/admin/auth/user/").status_code == 403


def test_a_new_person_may_log_in_unless_somebody_says_otherwise(boss):
    form = boss.get(reverse("admin:auth_user_add")).context["adminform"].form
    assert form.get_initial_for_field(form.fields["is_staff"], "is_staff") is True


def test_single_rights_stay_when_the_form_is_saved(boss):
    right = Permission.objects.get(codename="add_category")
    person = make_user("ann", is_staff=True)
    person.user_permissions.add(right)
    address = reverse("admin:auth_user_change", args=[person.pk])
    fields = {"username": "ann", "first_name": "Ann", "is_active": "on", "is_staff": "on"}
    assert boss.post(address, fields).status_code == 302
    assert User.objects.get(pk=person.pk).first_name == "Ann"
    assert list(person.user_permissions.all()) == [right]


def test_the_list_names_roles_in_as_many_queries_as_ever(boss, django_assert_max_num_queries):
    for number in range(10):
        make_user(f"p{number}").groups.set(Group.objects.all())
    with django_assert_max_num_queries(12):
        page = boss.get(reverse("admin:auth_user_changelist")).text
    assert page.count("author, editor, moderator") == 10


def test_roles_that_every_upgrade_writes_are_only_shown(boss):
    role = Group.objects.get(name="author")
    address = reverse("admin:auth_group_change", args=[role.pk])
    assert "Every upgrade gives this role these rights again" in boss.get(address).text
    before = set(role.permissions.all())
    boss.post(address, {"name": "other", "permissions": []})
    role.refresh_from_db()
    assert (role.name, set(role.permissions.all())) == ("author", before)
    assert boss.post(reverse("admin:auth_group_delete", args=[role.pk]), {"post": "yes"}).status_code == 403


def test_a_role_of_ones_own_has_the_rights_that_were_ticked(boss):
    right = Permission.objects.get(codename="view_comment")
    boss.post(reverse("admin:auth_group_add"), {"name": "readers", "permissions": [right.pk]})
    assert list(Group.objects.get(name="readers").permissions.all()) == [right]
