"""What is measured: speed, cost of whole commands, errors of extraction. No part of the package ``kg``."""
