from . import test_bench, test_hosts, test_queue, test_terms
