-- What a register has grown to is never forgotten: without its head the next entry would begin it anew.

CREATE TRIGGER heads_are_not_deleted BEFORE DELETE ON heads
FOR EACH ROW EXECUTE FUNCTION refuse('the tree of a journal only grows');
