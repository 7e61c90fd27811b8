"""Tables of lectures, bookings, the door, feedback, materials and orders."""

from backend.lectures.models.after import LectureFeedback, LectureMaterial
from backend.lectures.models.booking import Booking
from backend.lectures.models.door import DoorScan
from backend.lectures.models.lecture import Lecture
from backend.lectures.models.order import LectureOrder

__all__ = [
    "Booking",
    "DoorScan",
    "Lecture",
    "LectureFeedback",
    "LectureMaterial",
    "LectureOrder",
]
