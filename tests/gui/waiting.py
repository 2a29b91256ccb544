"""The window's tests wait as all others do: for a condition, never for a time."""

from tests.support.waiting import until as until
