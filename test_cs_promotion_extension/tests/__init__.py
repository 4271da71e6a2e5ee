from . import test_colleague
from . import test_nights
from . import test_objection
from . import test_praise
from . import test_document
