from __future__ import annotations

from collections.abc import Callable

import pytest

Mask = Callable[[str], str]


@pytest.mark.parametrize(
    ("secret", "placeholder"),
    [
        ("06-12345678", "[telefoon]"),
        ("06 12 34 56 78", "[telefoon]"),
        ("+31 6 1234 5678", "[telefoon]"),
        ("０６-１２３４５６７８", "[telefoon]"),
        ("(020) 123 45 67", "[telefoon]"),
        ("+32 470 12 34 56", "[telefoon]"),
        ("123456782", "[bsn]"),
        ("1234.56.782", "[bsn]"),
        ("NL91 ABNA 0417 1643 00", "[rekening]"),
        ("nl91abna0417164300", "[rekening]"),
        ("1234 AB", "[postcode]"),
        ("1234ab", "[postcode]"),
        ("1234 xz", "[postcode]"),
        ("a.b-c+d@voorbeeld.nl", "[e-mail]"),
        ("naam (at) gmail.com", "[e-mail]"),
        ("AB-123-C", "[kenteken]"),
        ("12-ab-34", "[kenteken]"),
        ("https://voorbeeld.nl/profiel?x=1", "[link]"),
        ("voorbeeld.com/iemand", "[link]"),
        ("@naam_85", "[account]"),
    ],
)
def test_forms_are_left_out(mask: Mask, secret: str, placeholder: str) -> None:
    assert mask(f"het gaat om {secret}, denk ik") == f"het gaat om {placeholder}, denk ik"


@pytest.mark.parametrize(
    "text",
    [
        "bel 112 of Veilig Thuis op 0800-2000",
        "0800 2000 en 0800-0113 en 1712",
        "op 12 maart 2024 en op 3-5-2024 om 14:30",
        "op 03-05-2024 sloeg hij haar",
        "50 euro, € 15.000 en 1200 euro",
        "34 jaar, groep 5, 3 x per week, 20 mg",
        "in 2019 is het begonnen, sinds 2021 zo",
        "in 2021 VT gebeld",
        "www.veiligthuis.nl of slachtofferhulp.nl",
        "een getal van negen cijfers 123456789 dat geen bsn is",
    ],
)
def test_numbers_that_are_facts_stay(mask: Mask, text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("date", ["12-03-1985", "12 maart 1985", "1985-03-12", "5 mei 2019", "3/4/88"])
def test_only_dates_of_birth_are_left_out(mask: Mask, date: str) -> None:
    assert mask(f"geboren op {date}") == "geboren op [datum]"
    assert mask(f"het gebeurde op {date}") == f"het gebeurde op {date}"


def test_a_site_of_a_helpline_does_not_open_the_way_to_others(mask: Mask) -> None:
    assert mask("zie veiligthuis.nl.kwaad.com") == "zie [link]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("bel +32 (0)9 318 27 40", "bel [telefoon]"),
        ("nul zes dertien achtenveertig nul zeven tweeënnegentig", "[telefoon]"),
        ("123456782 2 kinderen", "[bsn] 2 kinderen"),
        ("terug op BE71 1450 5714 3769 als het kan", "terug op [rekening] als het kan"),
        ("zijn insta is @zwarte.parel.jr", "zijn insta is [account]"),
        ("rode fiat kt923j volgt haar", "rode fiat [kenteken] volgt haar"),
        ("geb.datum moeder 09/07/1986", "geb.datum moeder [datum]"),
        ("Dorpsstraat 3, 9050 Ledeberg", "[adres], [postcode] [plaats]"),
    ],
)
def test_each_form_as_people_type_it(mask: Mask, text: str, masked: str) -> None:
    assert mask(text) == masked
