"""gridplan: assign a city's residents to lead hospitals under policy caps, with a proof."""
