package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Reference;

/** Objects that were acquired are released exactly once (acquire_reference_state, release_reference, check_reference_leak). */
public final class References {
    private final Search search;

    public References(Search search) {
        this.search = search;
    }

    /** A new reference; its id. */
    public int acquire() {
        Frame frame = search.state().frame();
        int id = search.nextId();
        frame.acquire(new Reference(id, search.slot(), frame.isCallback() ? frame.number() : 0));
        return id;
    }

    /** Gives the reference up: all that points to the object is gone. False where there is none to give up. */
    public boolean release(int id) {
        if (!search.state().frame().release(id)) {
            return false;
        }
        search.state().forEachRegister(register -> {
            if (register.value().refId() == id) {
                search.invalidate(register);
            }
        });
        return true;
    }

    /**
     * Refuses to leave the program, or a callback, with something left to release.
     *
     * @param exception whether bpf_throw leaves all functions at once
     */
    public void checkLeak(boolean exception) {
        Frame frame = search.state().frame();
        if (!exception && frame.number() != 0 && !frame.isCallback()) {
            return;
        }
        boolean leaked = false;
        for (Reference reference : frame.references()) {
            boolean others = !exception && frame.isCallback() && reference.callbackFrame() != frame.number();
            if (!others) {
                search.log().line("Unreleased reference id=" + reference.id() + " alloc_insn=" + reference.slot());
                leaked = true;
            }
        }
        if (leaked) {
            throw new Rejection(Errno.EINVAL);
        }
    }
}
