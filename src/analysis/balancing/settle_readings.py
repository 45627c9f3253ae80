"""Figures of pictures → those that the document's own arithmetic proves, those that are read, those that are in doubt.

A recognition offers for each figure what it may say. Where an identity breaks, the offers for its figures form one
exact problem over all identities that they take part in: the readings that break the fewest, and of these the ones
that change the fewest figures. A figure is given another reading only where every best answer gives it that one.

A figure is *proven* where two identities hold exactly that share no other unproven figure: a misreading would have to
be matched by two others. It is *read* where the recognition was sure of it and of its row's code; every other one is
*doubtful*, and kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from analysis.balancing.document_instances import instances_of, known_slots, tolerances_of
from analysis.balancing.spanning_figures import spanning_figures
from analysis.balancing.unsure_codes import unsure_codes
from analysis.terms.code_book import CodeBook
from analysis.terms.document import ReadDocument
from analysis.terms.identity import Identities, Relation
from analysis.terms.line_item import LineItem
from analysis.terms.money import is_recordable, parse_amount, to_fen, to_yuan
from analysis.terms.recognition import Candidate, Certainty, Reading

WORK_LIMIT = 20.0
"""Work is counted, not timed, so that the same document is settled alike on every machine."""
SURE, SURE_THOUGH_BROKEN = 0.9, 0.98
"""The score from which a figure counts as read: where no identity speaks against it, and where one does."""
_MOST_OPEN = 400
_LEAST_OFFER = 0.002


@dataclass(frozen=True, slots=True)
class _Offer:
    """One reading of a figure as an amount in fen."""

    text: str
    fen: int
    score: float


@dataclass(frozen=True, slots=True)
class _Instance:
    """An identity at one place: its relation, its tolerance in fen, and the weight of each item in it."""

    relation: Relation
    tolerance: int
    terms: Mapping[int, int]

    def holds(self, fen: Sequence[int]) -> bool:
        gap = sum(weight * fen[item] for item, weight in self.terms.items())
        return gap >= -self.tolerance and (self.relation is Relation.AT_LEAST or gap <= self.tolerance)

    def is_exact(self, fen: Sequence[int]) -> bool:
        """Whether it is an equality that holds without its tolerance, in which a last digit read wrongly would hide."""
        return self.relation is not Relation.AT_LEAST and not sum(
            weight * fen[item] for item, weight in self.terms.items()
        )


def settle_readings(document: ReadDocument, identities: Identities, book: CodeBook) -> tuple[LineItem, ...]:
    """The line items of a document with pictures, each figure of a picture settled as far as it can be.

    Args:
        document: A document some of whose figures have readings.
        identities: The shelf.
        book: The official names of the codes: a code with another's name may have lost digits.
    """
    items = document.line_items
    offers = {
        number: _offers(item, reading)
        for number, item in enumerate(items)
        if (reading := document.readings.get(item.figure.place)) is not None
    }
    if not offers:
        return items
    contested = {number for number in offers if document.readings[items[number].figure.place].contested}
    contested |= spanning_figures(document)
    instances = _instances(document, identities)
    fen = [to_fen(item.figure.amount) for item in items]
    chosen, open_items = _choose(fen, offers, instances)
    fen = [chosen[number].fen if number in chosen else amount for number, amount in enumerate(fen)]
    witnesses = [one for one in instances if one.is_exact(fen)]
    broken = {item for one in instances if not one.holds(fen) for item in one.terms}
    sure = {item for item, offered in offers.items() if chosen.get(item, offered[0]).score >= SURE} - contested
    unplaced = unsure_codes(document, book, SURE)
    proven = _proven(fen, offers, witnesses, open_items, sure) - unplaced
    settled = []
    for number, item in enumerate(items):
        if number not in offers:
            settled.append(item)
            continue
        offer = chosen.get(number, offers[number][0])
        least = SURE_THOUGH_BROKEN if number in broken else SURE
        certainty = (
            Certainty.PROVEN
            if number in proven
            else Certainty.READ
            if offer.score >= least and number not in open_items | contested | unplaced
            else Certainty.DOUBTFUL
        )
        settled.append(_with_reading(item, offer, certainty, offers[number]))
    return tuple(settled)


def _offers(item: LineItem, reading: Reading) -> list[_Offer]:
    """What the figure may be, that which was read first; of several texts with one amount the first."""
    first = _Offer(item.figure.printed, to_fen(item.figure.amount), reading.score)
    found = {first.fen: first}
    for candidate in reading.candidates:
        if (offer := _offer(item, candidate)) is not None and candidate.score >= _LEAST_OFFER:
            found.setdefault(offer.fen, offer)
    return list(found.values())


def _offer(item: LineItem, candidate: Candidate) -> _Offer | None:
    number = parse_amount(candidate.text, item.row.unit)
    if number is None:
        return None
    yuan = to_yuan(number, item.row.unit)
    return _Offer(candidate.text, to_fen(yuan), candidate.score) if is_recordable(yuan) else None


def _instances(document: ReadDocument, identities: Identities) -> list[_Instance]:
    tolerances = tolerances_of(document)
    tables = [item.row.table for item in document.line_items]
    found = []
    for _, (relation, terms) in sorted(instances_of(document, known_slots(document), identities).items()):
        weights: dict[int, int] = defaultdict(int)
        for item, weight in terms:
            weights[item] += weight
        tolerance = sum(tolerances.get(tables[item], 0) for item in weights)
        found.append(_Instance(relation, tolerance, dict(weights)))
    return found


def _choose(
    fen: Sequence[int], offers: Mapping[int, list[_Offer]], instances: Sequence[_Instance]
) -> tuple[dict[int, _Offer], set[int]]:
    """The readings other than the first that all best answers share, and the figures in which these differ."""
    broken = [one for one in instances if not one.holds(fen)]
    loose = {item for one in broken for item in one.terms if len(offers.get(item, ())) > 1}
    if not loose or len(loose) > _MOST_OPEN:
        return {}, set()
    touched = [one for one in instances if not loose.isdisjoint(one.terms)]
    model = cp_model.CpModel()
    choices = {item: [model.new_bool_var("") for _ in offers[item]] for item in sorted(loose)}
    for choice in choices.values():
        model.add_exactly_one(choice)
    value: dict[int, cp_model.LinearExprT] = {
        item: sum(offer.fen * taken for offer, taken in zip(offers[item], choice, strict=True))
        for item, choice in choices.items()
    }
    holds = []
    for one in touched:
        gap = sum(weight * value.get(item, fen[item]) for item, weight in one.terms.items())
        held = model.new_bool_var("")
        model.add(gap >= -one.tolerance).only_enforce_if(held)
        if one.relation is not Relation.AT_LEAST:
            model.add(gap <= one.tolerance).only_enforce_if(held)
        holds.append(held)
    changes = sum(taken for choice in choices.values() for taken in choice[1:])
    goal = (len(choices) + 1) * sum(holds) - changes
    model.maximize(goal)
    return _certain(model, goal, choices, offers)


def _certain(
    model: cp_model.CpModel,
    goal: cp_model.LinearExprT,
    choices: Mapping[int, list[cp_model.IntVar]],
    offers: Mapping[int, list[_Offer]],
) -> tuple[dict[int, _Offer], set[int]]:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = WORK_LIMIT
    if solver.solve(model) != cp_model.OPTIMAL:
        return {}, set(choices)
    taken = {item: _taken(solver, choice) for item, choice in choices.items()}
    model.clear_objective()  # type: ignore[no-untyped-call]
    model.add(goal >= round(solver.objective_value))
    unsure: set[int] = set()
    while True:
        again = model.clone()
        again.add_bool_or(~choices[item][at] for item, at in taken.items() if item not in unsure)
        status = solver.solve(again)
        if status == cp_model.INFEASIBLE:
            break
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return {}, set(choices)
        unsure |= {item for item, at in taken.items() if _taken(solver, choices[item]) != at}
        if len(unsure) == len(taken):
            break
    return {item: offers[item][at] for item, at in taken.items() if at and item not in unsure}, unsure


def _taken(solver: cp_model.CpSolver, choice: Sequence[cp_model.IntVar]) -> int:
    return next(at for at, one in enumerate(choice) if solver.boolean_value(one))


def _proven(
    fen: Sequence[int],
    offers: Mapping[int, list[_Offer]],
    witnesses: Sequence[_Instance],
    unsure: set[int],
    sure: set[int],
) -> set[int]:
    """The figures for which two identities hold exactly that share no other unproven figure of a picture.

    Where the recognition was not sure, one of the two is a true sum: two equalities alone would stand against the same
    shape read wrongly in the same way at three places.
    """
    of_item: dict[int, list[_Instance]] = defaultdict(list)
    for one in witnesses:
        for item in one.terms:
            of_item[item].append(one)
    proven: set[int] = set()
    waiting = [item for item in offers if item not in unsure and len(of_item[item]) > 1]
    while True:
        new = {
            item
            for item in waiting
            if item not in proven and _has_two(item, of_item[item], offers, proven, None if item in sure else fen)
        }
        if not new:
            return proven
        proven |= new


def _has_two(
    item: int,
    instances: Sequence[_Instance],
    offers: Mapping[int, list[_Offer]],
    proven: set[int],
    fen: Sequence[int] | None,
) -> bool:
    """Whether two of the instances share nothing unproven but the item; with `fen`, one of them is a true sum."""
    unproven = [{one for one in instance.terms if one in offers and one not in proven} for instance in instances]
    sums = [fen is None or _is_sum(item, instance, fen) for instance in instances]
    return any(
        (sums[first] or sums[second]) and unproven[first] & unproven[second] <= {item}
        for first in range(len(instances))
        for second in range(first)
    )


def _is_sum(item: int, instance: _Instance, fen: Sequence[int]) -> bool:
    """Whether other figures than one equal one take part; a figure of 0 takes part in every sum."""
    others = [fen[other] for other in instance.terms if other != item and fen[other]]
    return len(others) > 1 or fen[item] == 0


def _with_reading(item: LineItem, offer: _Offer, certainty: Certainty, offers: Sequence[_Offer]) -> LineItem:
    figure = item.figure
    if offer.fen != to_fen(figure.amount):
        number = parse_amount(offer.text, item.row.unit)
        if number is not None:
            figure = replace(figure, printed=offer.text, amount=to_yuan(number, item.row.unit))
    readings = tuple(_said(offers)) if certainty is Certainty.DOUBTFUL else ()
    return replace(item, figure=figure, certainty=certainty, readings=readings)


def _said(offers: Sequence[_Offer]) -> Iterator[str]:
    for offer in offers:
        yield f"{offer.text} ({offer.score:.3f})"
