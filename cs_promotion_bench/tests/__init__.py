from . import test_bench, test_hotline
