"""The few Dutch sentences that `web` says by itself, when the engine cannot or need not speak.
The conversation's own texts stand in `data/` and `domain/`."""

from __future__ import annotations

from typing import Final

MAX_TEXT: Final = 4000

OUTAGE: Final = (
    "Een deel van Pluis is even buiten werking. Je bericht is bewaard. Ik antwoord zodra het weer kan.\n\n"
    "Kan het niet wachten? Bel Veilig Thuis: 0800-2000, gratis, dag en nacht. Bij direct gevaar: bel 112."
)
SLOW: Final = (
    "Dit duurt langer dan gewoonlijk. Je bericht is bewaard. Ik kom erop terug.\n\n"
    "Kan het niet wachten? Bel Veilig Thuis: 0800-2000, gratis, dag en nacht. Bij direct gevaar: bel 112."
)
GIVEN_UP: Final = (
    "Het lukt me niet om op dit bericht te antwoorden. Dat ligt aan mij, niet aan jou. "
    "Wil je het in andere woorden schrijven? Is er nu gevaar? Bel 112. (foutnummer {number})"
)
TOO_LONG: Final = (
    "Je bericht is te lang: ik kan hooguit 4.000 tekens tegelijk lezen. "
    "Stuur het in twee of meer stukken, dan lees ik alles. Is er nu gevaar? Bel 112."
)
NO_WORDS: Final = "Ik kan alleen woorden lezen. Kun je in een paar woorden schrijven wat je bedoelt?"
UNKNOWN_REPLY: Final = (
    "Deze keuze ken ik niet in dit gesprek. Kies een knop onder mijn laatste bericht, of typ je antwoord."
)
OLD_REPLY: Final = (
    "Deze keuze hoort bij een eerdere vraag. Kies een knop onder mijn laatste bericht, of typ je antwoord."
)
USED_REPLY: Final = "Deze keuze had je al gemaakt. Je hoeft niets opnieuw te doen."
WHO_WAS_WHO: Final = (
    "Namen bewaar ik niet. Daarom weet ik niet meer wie ik eerder welk nummer gaf, en tel ik nu verder vanaf "
    "[persoon {number}]. Ging het eerder al over iemand uit dit bericht? Typ dan de naam, met erachter ‘is persoon 1’ "
    "of ‘is mijn cliënt’."
)
ROLE_KEPT: Final = "Dank je, dat onthoud ik voor dit gesprek. We gaan verder waar we waren."
NO_FILES: Final = "Ik neem geen bestanden aan. Beschrijf in je eigen woorden wat erop staat, zonder namen."
WIPED: Final = "Dit gesprek is gewist. Er is niets van bewaard."
SUMMARY: Final = "Kies een versie van de samenvatting. Kijk die na voordat je hem deelt."
PRACTICE_FILE: Final = ("oefening", "md")  # which version of a summary the report of a practice dialogue is
PRACTICE_REPORT: Final = "[Bewaar dit verslag als bestand]({link}). Pluis bewaart het niet."
SUMMARY_VERSIONS: Final = (  # the version, its title, what it is for
    (
        "dossier",
        "Voor mijn dossier",
        "Met je interpretaties, het advies met bronnen, je besluit en de gespreksopzet.",
    ),
    (
        "advies",
        "Voor advies aan Veilig Thuis of een collega",
        "Alleen feiten en vragen, zonder interpretaties.",
    ),
)
SUMMARY_FORMS: Final = (("docx", "Word-bestand"), ("md", "Tekst"))
TICK_LABEL: Final = "Vink er een of meer aan"
TICK_HINT: Final = "Je kunt ook de nummers typen, bijvoorbeeld: 1, 3. Geen van alle? Typ dan: geen."
ROWS_TITLE: Final = "Een regel aanpassen of weghalen"
CHOOSE: Final = "Kies dit"
STEP_STATES: Final = {"done": ("✓", "gedaan"), "now": ("→", "nu"), "todo": ("○", "nog te doen")}
STEPS: Final = "Stap {step} van {of}: {text}"
STEPS_DONE: Final = "Alle {of} stappen zijn gezet."
TICKED: Final = "Aangevinkt: {titles}"
TICKED_NONE: Final = "Niets aangevinkt"
SUMMARY_OF_MESSAGE: Final = "Nieuw bericht van Pluis"  # what a notification is asked to show
PRESSED: Final = "Jij: *{title}*"  # Teams shows nothing of a button of a card that was pressed
DISCREET: Final = "Bericht van Pluis"
TEAMS: Final = (
    "**Je praat met Pluis in Microsoft Teams.** Wat je hier typt, gaat eerst langs de servers van Microsoft. Pas "
    "daarna haal ik eruit wat ik als naam of nummer herken. Ik kan er een missen.\n\n"
    "In Teams blijft staan wat jij schrijft en wat ik antwoord, met jouw naam erbij. Ook als je het gesprek hier wist. "
    "Hoe lang, bepaalt je organisatie. Sommige beheerders kunnen het lezen.\n\n"
    "Noem hier dus geen namen, adressen of nummers. Liever niet via Teams? [Open Pluis in je browser]({url})."
)
TEAMS_PRIVATE: Final = (
    "Ik antwoord alleen in een chat met jou alleen. Wat je hier schreef, heb ik niet gelezen en niet bewaard. "
    "Iedereen in dit gesprek kan het zien. Gaat het over iemand? Haal het dan weg als dat kan.\n\n"
    "[Open een chat met mij]({link}), of zoek Pluis bij je apps. Is er nu gevaar? Bel [112](tel:112)."
)
TEAMS_WIPED: Final = (
    "Dit gesprek is gewist. Pluis bewaart er niets meer van, ook geen herinnering. Wat je in Teams ziet, staat nog bij "
    "Microsoft, ook mijn antwoorden. Je eigen berichten kun je daar meestal weghalen, mijn antwoorden niet. "
    "Je organisatie kan een kopie bewaren."
)
EDITED: Final = (
    "Je hebt een bericht aangepast. Ik ga nog uit van wat er eerst stond. Typ *verbeteren*, dan kies je welk antwoord "
    "anders moet. Is er nu gevaar? Bel [112](tel:112)."
)
DELETED: Final = (
    "Je hebt een bericht verwijderd. Wat je daarin vertelde, telt bij mij nog mee. Typ *verbeteren* om dat antwoord te "
    "veranderen, of *wis dit gesprek* om alles bij Pluis te wissen."
)
REMINDED: Final = "Je vroeg me om je hier een bericht te sturen. Komt het nu uit? Typ dan *verder*."
UNSHOWN: Final = "Ik heb een bericht voor je. Typ iets, dan laat ik het zien."
REMINDER_SET: Final = "Ik stuur je hier een bericht op {moment}. Waar het over gaat, zet ik er niet bij."
REMINDER_MOVED: Final = "Ik stuur je hier nu een bericht op {moment}. Je eerdere herinnering geldt niet meer."
REMINDER_NOT_HERE: Final = (
    "Hier kan ik je geen bericht sturen. Zet het in je eigen agenda, zonder namen en zonder waar het over gaat. "
    "Gebruikt je organisatie Pluis in Microsoft Teams? Daar kan het wel."
)
REMINDER_GONE: Final = "Ik stuur je geen herinnering meer."
REMINDER_NONE: Final = "Er staat geen herinnering."

# What is said around a question for the helpdesk.
HANDED: Final = (
    "Je vraag staat bij de helpdesk. Je krijgt hier antwoord vóór {moment}. Wacht niet op antwoord als er gevaar is: "
    "bel [112](tel:112)."
)
HANDED_AGAIN: Final = (
    "Je vraag staat al bij de helpdesk. Je krijgt hier antwoord vóór {moment}. Is er nu gevaar? Bel [112](tel:112)."
)
HANDED_CODE: Final = (
    "Het antwoord komt in dit gesprek. Ga je weg, of kijk je straks op een ander apparaat? Schrijf dan deze code "
    "op:\n\n**{code}**\n\nVul die later in bij [Ik heb een code]({url}/terug). Bewaar de code zoals een wachtwoord: "
    "wie hem heeft, kan dit gesprek lezen."
)
WITHDRAWN: Final = "Goed, je vraag is ingetrokken. De helpdesk antwoordt er niet meer op."
NOT_WITHDRAWN: Final = "Er staat geen vraag van jou bij de helpdesk."
JOINED: Final = (
    "Een mens leest nu mee: **{title}**. Wat je hier typt, gaat naar deze medewerker. Ik ben stil tot jullie klaar "
    "zijn. Bij direct gevaar: bel [112](tel:112)."
)
PASSED_ON: Final = "Een andere medewerker neemt het over: **{title}**."
LEFT_ALONE: Final = (
    "De medewerker is even weg. Je vraag staat weer in de rij, en ik ben er weer. Wacht niet als er gevaar is: bel "
    "[112](tel:112), of Veilig Thuis op [0800-2000](tel:08002000)."
)
GIVEN_BACK: Final = "De medewerker geeft het gesprek terug aan mij. We kunnen hier weer verder."
GIVEN_BACK_SUMMARY: Final = "De medewerker geeft het gesprek terug aan mij, en vat samen:\n\n{summary}"
DONE: Final = (
    "De medewerker heeft je vraag afgesloten. Ik ben er weer: je kunt hier gewoon verder. Dit gesprek blijft nog "
    "{days} dagen bewaard, en met *wis dit gesprek* is het meteen weg."
)
LATE: Final = (
    "Het lukt de helpdesk niet op tijd. Je vraag staat er nog, en wie de helpdesk leidt ziet dat ze te laat is. Kan "
    "het niet wachten? Bel Veilig Thuis: [0800-2000](tel:08002000), dag en nacht. Bij direct gevaar: [112](tel:112)."
)
NET_DEAF: Final = "Het vangnet kon even niet meelezen: let zelf op gevaar"
NET_HEARD: Final = "Het vangnet hoort gevaar in wat er net is getypt"
WIPE_SURE: Final = (
    "Wil je alles wissen? Typ dan nog een keer *wis dit gesprek*. De medewerker kan je daarna niet meer antwoorden."
)
