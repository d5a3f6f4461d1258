"""Each form says with which keywords its step is called, and nobody hangs anything on a form or fetches past access."""

import ast
import inspect
from collections.abc import Iterator

import pytest

from reviews import workflow
from reviews.desk import forms
from reviews.desk.review import comment_forms
from reviews.desk.review.deciding import request
from reviews.desk.review.deciding.asking import forms as asking
from tests.test_policy import CODE, name

pytestmark = pytest.mark.once

CALLED = {
    forms.SubmitForm: workflow.submit,
    forms.RecallForm: workflow.recall,
    forms.DeclineForm: workflow.decline,
    forms.UrgentForm: workflow.declare_urgent,
    forms.EndRoundForm: workflow.end_round,
    forms.UnassignForm: workflow.unassign,
    forms.CancelForm: workflow.cancel_schedule,
    asking.AskForm: workflow.ask,
    forms.DecideForm: workflow.decide,
    forms.RecuseForm: workflow.recuse,
    request.DeclineRequestForm: workflow.recuse,
    forms.WithdrawForm: workflow.withdraw_approval,
    forms.PublishForm: workflow.publish,
    forms.ScheduleForm: workflow.schedule,
    forms.NoticeForm: workflow.issue_notice,
    forms.LiftForm: workflow.issue_notice,
    comment_forms.CommentForm: workflow.comment,
    comment_forms.AssigneeForm: workflow.assign_comment,
    comment_forms.AnswerForm: workflow.comment,
    comment_forms.ResolveForm: workflow.resolve_comment,
    forms.TaskForm: workflow.close_task,
    forms.DisclaimerForm: workflow.issue_disclaimer,
    forms.ConfirmForm: workflow.confirm_disclaimer,
}
FOR_OTHERS = {forms.StepForm, forms.ReasonForm, forms.DespiteForm}  # what these forms are made from
NOT_ASKED = {"actor", "lifts", "thread"}  # keywords that the view gives: who does it, and to which row


def test_every_form_of_a_step_is_in_the_list():
    modules = [forms, comment_forms, request, asking]
    named = [each for module in modules for each in vars(module).values()]
    made = {each for each in named if inspect.isclass(each) and issubclass(each, forms.StepForm)}

    assert made - FOR_OTHERS == CALLED.keys()


@pytest.mark.parametrize("kind", CALLED, ids=lambda kind: kind.__name__)
def test_the_terms_of_a_form_are_keywords_of_its_step(kind):
    form = kind()
    form.cleaned_data = dict.fromkeys(form.fields)
    keywords = inspect.signature(CALLED[kind]).parameters.values()

    given = form.terms()

    assert given.keys() <= {each.name for each in keywords if each.kind == each.KEYWORD_ONLY} - NOT_ASKED
    if kind not in (forms.LiftForm, comment_forms.AnswerForm):  # the view gives the rest
        needed = {each.name for each in keywords if each.kind == each.KEYWORD_ONLY and each.default is each.empty}
        assert needed - NOT_ASKED <= given.keys()


def hung_on_forms(source: str) -> Iterator[int]:
    """Yield the lines that set an attribute of a form which is not one's own."""
    for node in ast.walk(ast.parse(source)):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            owner = target.value.id if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) else ""
            if "form" in owner.casefold() or owner in ("bound", "lifting"):
                yield node.lineno


def fields_as_keywords(source: str) -> Iterator[int]:
    """Yield the lines that call something with whatever fields a form has."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and any(
            each.arg is None and "cleaned_data" in ast.unparse(each.value) for each in node.keywords
        ):
            yield node.lineno


def test_nothing_is_hung_on_a_form():
    found = {name(path): [*hung_on_forms(path.read_text())] for path in CODE}

    assert {path: lines for path, lines in found.items() if lines} == {}
    assert [*hung_on_forms("form.assignment = 7")] == [*hung_on_forms("AssignForm.people = ()")] == [1]


def test_no_step_is_called_with_whatever_fields_a_form_has():
    found = {name(path): [*fields_as_keywords(path.read_text())] for path in CODE}

    assert {path: lines for path, lines in found.items() if lines} == {}
    assert [*fields_as_keywords("step(article, **form.cleaned_data)")] == [1]


FETCH = {"get_object_or_404", "get_list_or_404", "visible_to"}
MAY_FETCH = {
    "reviews/desk/access.py": "the one place",
    "reviews/desk/article/views.py": "the list of all that a person may see",
    "reviews/desk/disclaimers.py": "all editors and administrators see all of them",
}


def fetches(source: str) -> bool:
    names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(ast.parse(source))}
    return bool(names & FETCH)


def test_the_desk_fetches_its_rows_in_one_place():
    desk = [path for path in CODE if name(path).startswith("reviews/desk/")]

    assert {name(path) for path in desk if fetches(path.read_text())} == MAY_FETCH.keys()
