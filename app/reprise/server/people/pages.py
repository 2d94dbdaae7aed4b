"""Pages of people and organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.people import invitations, members
from reprise.server.people.accounts import find_user
from reprise.server.people.again import sure
from reprise.server.people.factors import refuse_who_is_elsewhere, remove_factors
from reprise.server.people.forms import (
    EraseForm,
    InviteForm,
    JoinForm,
    RoleForm,
    SetUpForm,
    refused,
)
from reprise.server.people.instance import may_set_up, nobody_is_here, set_up
from reprise.server.people.mail import invitation_link, mail_factors_removed, mail_invitation
from reprise.server.people.scope import Right, Role, Scope
from reprise.server.people.sessions import log_in
from reprise.server.people.walls import public, standing_of, wall
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.rendering import page

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class LinkMade:
    email: str
    link: str
    mailed: bool


@read_or_send
@public
def set_up_page(request: HttpRequest, secret: str) -> HttpResponse:
    """The first administrator's, behind the link of the first start."""
    if not may_set_up(secret):
        if not nobody_is_here():  # the form was sent twice, or the link is opened again
            return HttpResponseRedirect("/")
        raise ProblemError(ProblemKind.SET_UP_ENDED)
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        try:
            user = set_up(secret, **form.cleaned_data)
        except InputError as error:
            refused(form, error)
        else:
            log_in(request, user)
            return HttpResponseRedirect("/")
    return page(request, "set_up.html", form=form)


@read_or_send
@public
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Behind the link of an invitation."""
    invitation = invitations.find_invitation(secret)
    standing = standing_of(request)
    if invitation is None:
        if request.method == "POST" and standing is not None:  # the form was sent twice
            return HttpResponseRedirect("/")
        raise ProblemError(ProblemKind.LINK_ENDED)
    if standing is not None and standing.user.email != invitation.email:
        return page(request, "join_other.html", invitation=invitation, secret=secret)
    if find_user(invitation.email) is None:
        return _join_new(request, secret, invitation)
    if standing is None:
        return HttpResponseRedirect(f"/account/login/?next=/join/{secret}")
    if request.method == "POST":
        invitations.join_known(secret, standing.user)
        return HttpResponseRedirect("/")
    return page(request, "join.html", invitation=invitation, known=True, form=JoinForm(""))


def _join_new(
    request: HttpRequest, secret: str, invitation: invitations.Invitation
) -> HttpResponse:
    form = JoinForm(invitation.email, request.POST or None)
    if form.is_valid():
        try:
            user = invitations.join_new(secret, **form.cleaned_data)
        except InputError as error:
            refused(form, error)
        else:
            log_in(request, user)
            return HttpResponseRedirect("/")
    return page(request, "join.html", invitation=invitation, known=False, form=form)


def _people_page(
    request: HttpRequest, scope: Scope, form: InviteForm, made: LinkMade | None = None
) -> HttpResponse:
    return page(
        request,
        "people.html",
        members=members.list_members(scope),
        invitations=invitations.list_invitations(scope),
        may_change=Right.MANAGE_PEOPLE in scope.rights,
        form=form,
        all_roles=tuple(Role),
        link_made=made,
    )


@read_or_send
@wall(Right.SEE_PEOPLE)
def people(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Members and invitations; inviting somebody."""
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        scope.need(Right.MANAGE_PEOPLE)
    if not form.is_valid():
        return _people_page(request, scope, form)
    try:
        made = invited(scope, form.cleaned_data["email"], Role(form.cleaned_data["role"]))
    except InputError as error:
        refused(form, error)
        return _people_page(request, scope, form)
    return _people_page(request, scope, InviteForm(), made)


def invited(scope: Scope, email: str, role: Role) -> LinkMade:
    """Invited, and told by mail where there is a mail server. Raises InputError."""
    invitation, secret = invitations.invite(scope, email, role)
    link = invitation_link(secret)
    if not mail_invitation(invitation, link):
        return LinkMade(email, link, False)
    invitations.was_mailed(scope, invitation.number)
    return LinkMade(email, "", True)  # its owner alone has it


@require_safe
@wall(Right.MANAGE_PEOPLE)
def person(request: HttpRequest, scope: Scope, user: int) -> HttpResponse:
    """One member: the role, a second factor that was lost, and removing the member."""
    member = _member(scope, user)
    return _person_page(request, scope, member, _erase_form(member))


def _member(scope: Scope, user: int) -> members.Member:
    found = [member for member in members.list_members(scope) if member.user == user]
    if not found:
        raise ProblemError(ProblemKind.NOT_FOUND)
    return found[0]


def _person_page(
    request: HttpRequest, scope: Scope, member: members.Member, form: EraseForm
) -> HttpResponse:
    return page(
        request,
        "person.html",
        member=member,
        all_roles=tuple(Role),
        only_here=members.is_only_here(scope, member.user),
        trusted_here_alone=members.is_only_here(scope, member.user, ended_too=True),
        form=form,
    )


def _erase_form(member: members.Member, data: Any = None) -> EraseForm:
    return EraseForm(member.email, _("This is not the person's address."), data)


@require_POST
@wall(Right.MANAGE_PEOPLE)
def change_role(request: HttpRequest, scope: Scope, user: int) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise ProblemError(ProblemKind.BAD_REQUEST)
    members.change_role(scope, user, Role(form.cleaned_data["role"]))
    messages.success(request, _("The role is changed."))
    return HttpResponseRedirect("/people")


@require_POST
@wall(Right.MANAGE_PEOPLE)
def remove_second_factor(request: HttpRequest, scope: Scope, user: int) -> HttpResponse:
    """That a member has lost."""
    refuse_who_is_elsewhere(scope, user)
    sure(request)
    owner = remove_factors(scope, user)
    mail_factors_removed(owner.email)
    messages.success(request, _("The second factor is removed, and all sessions are ended."))
    return HttpResponseRedirect(f"/people/{user}")


@require_POST
@wall(Right.MANAGE_PEOPLE)
def remove(request: HttpRequest, scope: Scope, user: int) -> HttpResponse:
    members.remove(scope, user)
    messages.success(request, _("The person is removed from the organisation."))
    return HttpResponseRedirect("/people")


@require_POST
@wall(Right.MANAGE_PEOPLE)
def erase(request: HttpRequest, scope: Scope, user: int) -> HttpResponse:
    if user == scope.actor.user:
        return HttpResponseRedirect("/me")  # where it is asked whether it is you
    member = _member(scope, user)
    members.refuse_to_erase(scope, user)  # of what is refused, nothing is asked
    form = _erase_form(member, request.POST)
    if not form.is_valid():
        return _person_page(request, scope, member, form)
    sure(request)
    members.erase(scope, user)
    messages.success(request, _("The account is erased."))
    return HttpResponseRedirect("/people")


@require_POST
@wall(Right.MANAGE_PEOPLE)
def withdraw(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    invitations.withdraw(scope, number)
    messages.success(request, _("The invitation is withdrawn: its link has ended."))
    return HttpResponseRedirect("/people")
