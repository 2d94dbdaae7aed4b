"""What allauth says, in the words of the house: it names each text by a code or by a template."""

from __future__ import annotations

from reprise.i18n import _


def refusal(code: str) -> str:
    """Why a form was refused."""
    return {
        "email_password_mismatch": _("Address or password is wrong."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This code is wrong, or was used already."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "too_many_factors": _(
            "Too many attempts at this account's second factor. Wait an hour, then try again."
        ),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
        "invalid_password_reset": _("This link has ended."),
        "account_inactive": _("This account is closed."),
        "cannot_generate_recovery_codes": _("Set up an app or a key first."),
    }.get(code, _("This was not done. Try again."))


def notice(template: str) -> str:
    """What was done; "": not worth a word."""
    return {
        "account/messages/password_changed.txt": _("Your password is changed."),
        "mfa/messages/totp_activated.txt": _("Your app is set up."),
        "mfa/messages/totp_deactivated.txt": _("The app is removed."),
        "mfa/messages/recovery_codes_generated.txt": _("New codes are made."),
        "mfa/messages/webauthn_added.txt": _("Your key is added."),
        "mfa/messages/webauthn_removed.txt": _("The key is removed."),
    }.get(template, "")


def way(name: str) -> str:
    """To show once more that it is you."""
    return {
        "reauthenticate": _("With your password"),
        "mfa_reauthenticate": _("With a code"),
        "mfa_reauthenticate:webauthn": _("With your key"),
    }.get(name, name)


def mailed(template: str) -> str:
    """What a mail tells the owner of an account of it, as a sentence."""
    return {
        "account/email/password_changed": _("Your password was changed."),
        "account/email/password_reset": _("Your password was changed, by a link from a mail."),
        "account/email/password_set": _("Your password was set."),
        "mfa/email/totp_activated": _("An authenticator app was set up as a second factor."),
        "mfa/email/totp_deactivated": _("The authenticator app was removed from your account."),
        "mfa/email/recovery_codes_generated": _("New recovery codes were made."),
        "mfa/email/too_many_factors": _(
            "Too many attempts at your second factor failed: for an hour, no more are accepted."
        ),
        "mfa/email/webauthn_added": _("A passkey or security key was added to your account."),
        "mfa/email/webauthn_removed": _("A passkey or security key was removed from your account."),
    }.get(template, _("Something about logging in was changed."))
