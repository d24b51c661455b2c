"""The paper's claims: the runs, the tests fixed beforehand, and what was found."""
