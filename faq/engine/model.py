"""What was learnt from the phrasings: two models that err in different places, and their mean."""

from __future__ import annotations

from dataclasses import dataclass

from faq.engine.features import Sample
from faq.engine.linear import Floats, Linear
from faq.engine.windows import Windows

#: How much the model of windows counts beside the linear one; together they count one.
WINDOWS = 0.2


@dataclass(frozen=True, slots=True)
class Model:
    """Margins of every label."""

    linear: Linear
    windows: Windows

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order of the margins."""
        return self.linear.labels

    def margins(self, sample: Sample) -> Floats:
        """One number a label: above zero speaks for it, below against it."""
        of_linear = self.linear.margins(sample.groups)
        return of_linear + WINDOWS * (self.windows.margins(sample) - of_linear)
