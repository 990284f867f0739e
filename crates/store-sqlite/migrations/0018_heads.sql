-- What a register has grown to is never forgotten: without its head the next entry would begin it anew.

CREATE TRIGGER heads_are_not_deleted BEFORE DELETE ON heads
BEGIN
    SELECT RAISE(ABORT, 'the tree of a journal only grows');
END;
