"""The tables of the design once more, by hand and in another form, so that a slip in `data/advice/` shows."""

from __future__ import annotations

from collections.abc import Iterator

from bot.advice import AdviceRequest

RED = (
    "danger_coming_days strangulation weapon threat_to_kill perpetrator_suicidal fears_for_life serious_injury "
    "locked_in care_withheld sexual_violence"
)
SUSPICION = (
    "signals physical_violence sexual_violence repeated continuing_threat coercive_control stalking child_witness "
    "both_use_violence"
)
SERIOUS = (
    "coercive_control physical_violence child_witness told_when_asked fear escalation isolated animals_harmed "
    "earlier_report own_safety_threatened victim_suicidal both_use_violence"
)
TOGETHER_WANTS_NO = (
    "fear power_imbalance talk_raises_danger coercive_control stalking honour weapon strangulation threat_to_kill "
    "sexual_violence"
)


class Case:
    """One case, with short ways to ask."""

    def __init__(self, request: AdviceRequest) -> None:
        self.request = request

    def yes(self, names: str) -> bool:
        """Tell whether any of these is yes."""
        return any(self.request.value(name) == "yes" for name in names.split())

    def rising(self) -> bool:
        """Row 4."""
        return self.yes("physical_violence") and self.yes("pregnant escalation")

    def leaving(self) -> bool:
        """Row 5."""
        controlled = self.yes("coercive_control continuing_threat escalation")
        stalked = self.yes("stalking") and (controlled or self.yes("physical_violence"))
        return (self.yes("separation") and controlled) or stalked

    def high(self) -> bool:
        """The word `high`."""
        return self.yes(RED) or self.yes("disclosure") or self.rising() or self.leaving()


def level_rows(request: AdviceRequest) -> Iterator[tuple[int, str]]:
    """Yield number and outcome of every row of the level table that holds."""
    case = Case(request)
    physician = request.profession in ("huisarts", "arts")
    short = case.yes("help_refused safety_not_organisable help_not_effective")
    structural = case.yes("repeated continuing_threat stalking protection_order_broken")
    controlled = case.yes("coercive_control") and case.yes("fear")
    unsafe_child = request.value("children_safe") == "no" and request.value("children") != "no"
    rows = [
        (1, case.yes("danger_now"), "call_112"),
        (2, case.yes(RED), "acute_contact"),
        (3, case.yes("disclosure"), "acute_contact"),
        (4, case.rising(), "acute_contact"),
        (5, case.leaving(), "acute_contact"),
        (6, case.yes("honour"), "honour_expert"),
        (7, structural or controlled, "report"),
        (8, case.yes(SUSPICION) and short, "report"),
        (9, unsafe_child, "report"),
        (10, case.yes(SERIOUS), "ask_advice_now"),
        (11, case.yes("signals") and case.yes("separation pregnant"), "ask_advice_now"),
        (12, case.yes("signals"), "ask_advice_now" if physician else "consult"),
    ]
    held = [(nr, outcome) for nr, holds, outcome in rows if holds]
    yield from held or [(13, "observe")]


def setup_row(request: AdviceRequest) -> tuple[int, str]:
    """Return number and setup of the first row of the setup table that holds."""
    case, role = Case(request), request.client_role
    here = case.yes("victim_with_you")
    together = request.value("heard_apart") == request.value("both_want_joint_talk") == "yes"
    calm = all(request.value(name) == "no" for name in TOGETHER_WANTS_NO.split())
    rows = [
        (1, case.yes("danger_now"), "no_talk_now"),
        (2, case.yes("honour") and not case.yes("expert_consulted") and not here, "no_talk_now"),
        (
            3,
            case.yes("coercive_control sexual_violence")
            and not case.yes("asked_veilig_thuis expert_consulted")
            and not here,
            "no_talk_now",
        ),
        (4, case.yes("talk_raises_danger own_safety_threatened") and not here, "no_talk_now"),
        (
            5,
            role == "perpetrator"
            and (case.high() or case.yes("coercive_control stalking honour"))
            and not case.yes("asked_veilig_thuis")
            and not here,
            "no_talk_now",
        ),
        (6, case.yes("honour"), "victim_only"),
        (7, role == "child", "child_first"),
        (8, case.high() and not case.yes("asked_veilig_thuis"), "victim_only"),
        (9, role == "perpetrator", "perpetrator_only"),
        (10, case.high() or case.yes("coercive_control stalking protection_order_broken"), "victim_first"),
        (11, case.yes("separation"), "apart"),
        (12, not together or not calm, "apart_first"),
        (13, case.yes("repeated continuing_threat physical_violence both_use_violence"), "with_specialist"),
        (14, True, "together_possible"),
    ]
    return next((nr, setup) for nr, holds, setup in rows if holds)
