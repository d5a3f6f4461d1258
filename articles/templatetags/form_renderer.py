"""
The renderer of forms: Django's own, but what a page has most of is written here, to the letter, without its templates.

A reviewer's page has fifty fields and choices. Django renders two or three templates for each, and for their
attributes: they would take a third of the page's time. Templates of any other name are rendered by Django.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData

WIDGETS = "django/forms/widgets"


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        write = WRITTEN.get(template_name)
        return write(context).strip() if write else super().render(template_name, context, request)


def _text(value: Any) -> str:
    """Return what a template writes for a variable."""
    return conditional_escape(value if isinstance(value, str) else localize(value))


def _value(value: Any) -> str:
    """Return what a template writes for a variable with the filter `stringformat:"s"`."""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        [
            f" {_text(name)}" if value is True else f' {_text(name)}="{_value(value)}"'
            for name, value in attributes.items()
            if value is not False
        ]
    )


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_value(widget["value"])}"'
    start = f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"'
    return f"{start}{value}{_attributes(widget['attrs'])}>\n"


def _input_option(widget: dict[str, Any]) -> str:
    if not widget.get("wrap_label"):
        return f"{_input(widget)}\n"
    key = widget["attrs"].get("id")
    of = f' for="{_text(key)}"' if key else ""
    return f"<label{of}>{_input(widget)} {_text(widget['label'])}</label>\n"


def _choices(widget: dict[str, Any]) -> str:
    """Return a list of boxes or buttons."""
    attributes, parts = widget["attrs"], []
    key, kind = attributes.get("id"), attributes.get("class")
    named = f' id="{_text(key)}"' if key else ""
    of_kind = f' class="{_text(kind)}"' if kind else ""
    for group, options, _place in widget["optgroups"]:
        parts.append(f"\n  <div><label>{_text(group)}</label>" if group else "")
        parts += [f"<div>\n    {_input_option(option)}\n</div>" for option in options]
        parts.append("\n  </div>" if group else "")
    return f"<div{named}{of_kind}>{''.join(parts)}\n</div>\n"


def _textarea(widget: dict[str, Any]) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>\n'


def _select(widget: dict[str, Any]) -> str:
    parts = []
    for group, options, _place in widget["optgroups"]:
        parts.append(f'\n  <optgroup label="{_text(group)}">' if group else "")
        for option in options:
            start = f'<option value="{_value(option["value"])}"{_attributes(option["attrs"])}>'
            parts.append(f"\n  {start}{_text(option['label'])}</option>\n")
        parts.append("\n  </optgroup>" if group else "")
    return f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>{"".join(parts)}\n</select>\n'


def _errors(context: dict[str, Any]) -> str:
    errors = context["errors"]
    if not errors:
        return ""
    named = f' id="{_text(errors.field_id)}_error"' if errors.field_id else ""
    rows = "".join([f"<li>{_text(error)}</li>" for error in errors])
    return f'<ul class="{_text(context["error_class"])}"{named}>{rows}</ul>'


def _label(context: dict[str, Any]) -> str:
    label, tag = _text(context["label"]), context["tag"]
    return f"<{tag}{_attributes(context['attrs'] or {})}>{label}</{tag}>" if context["use_tag"] else label


def _field(context: dict[str, Any]) -> str:
    field = context["field"]
    end = ""
    if field.use_fieldset:
        described = f' aria-describedby="{_text(field.aria_describedby)}"' if field.aria_describedby else ""
        start, end = f"\n  <fieldset{described}>\n  {field.legend_tag() if field.label else ''}\n", "</fieldset>"
    else:
        start = f"\n  {field.label_tag() if field.label else ''}\n"
    help_text = ""
    if field.help_text:
        named = f' id="{_text(field.auto_id)}_helptext"' if field.auto_id else ""
        help_text = f'<div class="helptext"{named}>{field.help_text}</div>'
    return f"{start}\n{help_text}\n{conditional_escape(field.errors)}\n{conditional_escape(field)}{end}\n"


def _form(context: dict[str, Any]) -> str:
    fields, hidden, errors = context["fields"], context["hidden_fields"], context["errors"]
    parts = [f"{conditional_escape(errors)}\n"]
    parts.append(f"\n  <div>{_all(hidden)}</div>\n\n" if errors and not fields else "\n")
    for place, (field, _errors_of_field) in enumerate(fields, 1):
        kinds = field.css_classes()
        of_kind = f' class="{_text(kinds)}"' if kinds else ""
        last = f"\n      {_all(hidden)}\n    " if place == len(fields) else ""
        parts.append(f"\n  <div{of_kind}>\n    {field.as_field_group()}\n    {last}\n</div>\n")
    parts.append(f"\n\n  {_all(hidden)}\n\n" if not fields and not errors else "\n\n")
    return "".join(parts)


def _all(fields: Iterable[Any]) -> str:
    return "".join([conditional_escape(field) for field in fields])


def _of_widget(write: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any]], str]:
    return lambda context: write(context["widget"])


INPUTS = ("checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number", "password", "search")
OTHER_INPUTS = ("tel", "text", "time", "url")
OPTIONS = ("checkbox_option", "input_option", "radio_option")
LISTS = ("checkbox_select", "multiple_input", "radio")

WRITTEN: dict[str, Callable[[dict[str, Any]], str]] = {
    **{f"{WIDGETS}/{name}.html": _of_widget(_input) for name in (*INPUTS, *OTHER_INPUTS)},
    **{f"{WIDGETS}/{name}.html": _of_widget(_input_option) for name in OPTIONS},
    **{f"{WIDGETS}/{name}.html": _of_widget(_choices) for name in LISTS},
    f"{WIDGETS}/textarea.html": _of_widget(_textarea),
    f"{WIDGETS}/select.html": _of_widget(_select),
    "django/forms/errors/list/default.html": _errors,
    "django/forms/label.html": _label,
    "django/forms/field.html": _field,
    "django/forms/div.html": _form,
}
