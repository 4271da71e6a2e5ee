from . import test_nights
