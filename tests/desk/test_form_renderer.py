"""What is written of forms without Django's templates is what Django's templates write."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from articles.templatetags.form_renderer import WIDGETS, WRITTEN, Renderer
from tests import populated
from tests.factories import person
from tests.test_urls import TABLE

HOSTILE = """<b>"it's" & more</b>"""
GROUP = ("Group & <i>", [("c", "See"), ("d", mark_safe("<b>D</b>"))])
CHOICES = [("", "None of these"), ("a<", HOSTILE), (3, 4), GROUP]
ATTRIBUTES = {"class": 'a"', "required": True, "disabled": False, "data-at": 1234567, "title": mark_safe("&amp;")}
NOT_BY_ITSELF = ("color", "input", "search", "tel", "time", "input_option", "multiple_input")
NOT_BY_ITSELF += ("checkbox_option", "checkbox_select")


class Everything(forms.Form):
    """A field for each kind of widget of which something is written."""

    text = forms.CharField(label=HOSTILE, help_text=mark_safe("<b>Help</b> &amp; more"))
    lazy = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("Title"), initial=gettext_lazy("Name"))
    area = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, **ATTRIBUTES}), label=mark_safe("<i>A</i>"))
    number = forms.IntegerField(max_value=1234567, initial=1234567)
    share = forms.DecimalField(initial="1234.5", localize=True)
    day = forms.DateField(initial="2026-11-30")
    moment = forms.DateTimeField()
    box = forms.BooleanField(label="", initial=True)
    one = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(choices=CHOICES, initial=["a<", "c"])
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(attrs=ATTRIBUTES), help_text="Choose")
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, initial=["d"])
    hidden = forms.CharField(widget=forms.HiddenInput, initial=HOSTILE)
    secret = forms.CharField(widget=forms.PasswordInput(render_value=True), initial=HOSTILE)
    upload = forms.FileField(widget=forms.FileInput)
    mail = forms.EmailField(min_length=5, disabled=True)
    address = forms.URLField(assume_scheme="https")

    required_css_class = 'must"'
    error_css_class = "bad"


class OnlyHidden(forms.Form):
    hidden = forms.CharField(widget=forms.HiddenInput)
    key = forms.IntegerField(widget=forms.HiddenInput, initial=3)


@pytest.fixture
def compared(monkeypatch):
    """Compare all that is written of forms with what Django's templates write, and return the names of those."""
    names, write = set(), Renderer.render

    def render(self, template_name, context, request=None):
        ours = write(self, template_name, context, request)
        assert ours == DjangoTemplates.render(self, template_name, context, request)
        names.add(template_name)
        return ours

    monkeypatch.setattr(Renderer, "render", render)
    return names


SENT = {"text": HOSTILE, "number": "x", "one": "a<", "several": ["c"], "radio": "3", "area": "\n<p>", "day": "30/11"}


OPTIONS = [{}, {"auto_id": False}, {"prefix": 'a"b', "label_suffix": ""}, {"use_required_attribute": False}]


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("data", [None, {}, SENT])
@pytest.mark.parametrize("options", OPTIONS)
def test_every_kind_of_field_is_written_as_by_django(compared, data, options, language):
    choices = []
    with translation.override(language):
        for kind in (Everything, OnlyHidden, forms.Form):
            form = kind(data, **options)
            if data is not None:
                form.add_error(None, HOSTILE)
            assert "it's" not in str(form)
            choices += [str(choice) + choice.tag() for field in form for choice in field.subwidgets]

    assert len(choices) == 35
    assert WRITTEN.keys() - compared <= {f"{WIDGETS}/{name}.html" for name in NOT_BY_ITSELF}


def test_every_page_is_written_as_by_django(compared, author, editor, clinical, specialist):
    arguments = populated.fill_site(author, editor, clinical, specialist)
    admin = person("root", "Rita Root", groups=["admin"])
    pages = [reverse(name, kwargs=arguments.get(name)) for name in TABLE]
    pages += ["/admin/auth/user/add/", "/admin/reviews/quorum/add/", "/admin/articles/topic/add/"]

    for one in (author, editor, clinical, admin):
        client = Client(raise_request_exception=True)
        client.force_login(one)
        found = [client.get(page).status_code for page in pages]
        assert found.count(200) > 15

    assert {"django/forms/field.html", "django/forms/div.html", f"{WIDGETS}/radio_option.html"} <= compared
