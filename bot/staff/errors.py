"""What cannot be done with an account; each message says so in Dutch, with what can be done instead."""


class StaffError(Exception):
    """An account cannot become what was asked."""


class UnknownAccountError(StaffError):
    """There is no such account."""


class AccountExistsError(StaffError):
    """The username is taken."""


class BadNameError(StaffError):
    """A username or a name cannot be one."""


class UnknownRoleError(StaffError):
    """There is no such role."""


class WeakPasswordError(StaffError):
    """A password is easily guessed, or too long to be looked at."""


class NotLocalError(StaffError):
    """The account is the organisation's own, and is kept there."""
