"""What can go wrong in the studio, by name; each message says in Dutch what to do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.practice import Remark


class StudioError(Exception):
    """The base of every error of this package."""


class UnknownVersionError(StudioError):
    """There is no such dialogue, or no such version of it."""

    def __init__(self) -> None:
        super().__init__("Dit oefengesprek of deze versie bestaat niet. Kies er een uit de lijst.")


class ShippedError(StudioError):
    """The dialogue comes with Pluis, and is only read."""

    def __init__(self) -> None:
        super().__init__("Dit gesprek hoort bij Pluis en blijft zoals het is. Maak een kopie om het te veranderen.")


class StaleError(StudioError):
    """Another saved meanwhile. Nothing was overwritten: `mine` is what was to be saved, `theirs` is what is there, with
    its number."""

    def __init__(self, mine: str, theirs: str, number: int, *, own: bool = False) -> None:
        who = "Je hebt intussen zelf al" if own else "Iemand anders heeft intussen"
        super().__init__(
            f"{who} versie {number} bewaard. Er is niets overschreven: leg de twee teksten naast elkaar, en bewaar wat "
            "het moet worden."
        )
        self.mine, self.theirs, self.number = mine, theirs, number


class UnplayableError(StudioError):
    """The dialogue cannot be played as it is; `faults` say why, with their lines."""

    def __init__(self, faults: Sequence[Remark]) -> None:
        told = "; ".join(f"regel {fault.line}: {fault.text}" for fault in faults)
        super().__init__(f"Dit gesprek kan zo niet worden gespeeld. Verander eerst dit: {told}")
        self.faults = tuple(faults)


class NotInPlayError(StudioError):
    """The version was not published, or was taken out of play."""

    def __init__(self) -> None:
        super().__init__("Deze versie is niet gepubliceerd, of is teruggetrokken. Publiceer haar eerst.")


class BadTextError(StudioError):
    """What was typed cannot be kept; the message says what to do."""


class UnknownGroupError(StudioError):
    """There is no such group, or not any more. Only a trainer hears this."""

    def __init__(self) -> None:
        super().__init__("Deze groep bestaat niet, of is gewist omdat ze lang gesloten was. Kies er een uit de lijst.")


class NotOpenError(StudioError):
    """A code opens nothing; a trainee does not hear whether it was ever there."""

    def __init__(self) -> None:
        super().__init__(
            "Met deze code kun je niet oefenen, of niet meer. Kijk of je hem goed hebt getypt, of vraag het je trainer."
        )


class BadTokenError(StudioError):
    """A token or key is none that `new_token` made."""

    def __init__(self) -> None:
        super().__init__("Delen lukte niet. Laad de pagina opnieuw, en deel je gesprek dan nog eens.")


class UnfinishedError(StudioError):
    """The play did not come to an ending."""

    def __init__(self) -> None:
        super().__init__("Dit gesprek is nog niet klaar. Speel het uit, en deel het dan.")


class TooManyError(StudioError):
    """The trainee shared as often as can be."""

    def __init__(self, most: int) -> None:
        super().__init__(f"Je deelde al {most} pogingen in deze groep. Oefenen kan nog wel, delen niet meer.")


class TooLongError(StudioError):
    """The play has more moves than are kept."""

    def __init__(self, most: int) -> None:
        super().__init__(f"Dit gesprek is te lang om te delen: meer dan {most} stappen. Begin opnieuw, en deel dat.")
