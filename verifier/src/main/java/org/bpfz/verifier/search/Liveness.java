package org.bpfz.verifier.search;

import java.util.Objects;
import org.bpfz.spec.Errno;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.jspecify.annotations.Nullable;

/**
 * Carries reads up to the saved states that they read from: a place that nobody reads after a saved state need not be compared with it
 * (mark_reg_read, propagate_liveness).
 */
public final class Liveness {
    private static final int FIRST_KEPT = 6;
    private static final int FRAME_POINTER = 10;

    private final VerifierLog log;
    private int longestWalk;

    Liveness(VerifierLog log) {
        this.log = log;
    }

    /** The longest way up that a read went: mark_read in the last line of the log. */
    int longestWalk() {
        return longestWalk;
    }

    /** Whether a read of the place goes up at all: there is somewhere to go, and nothing was written since. */
    boolean isMarkDue(Register register) {
        return !register.isLive(Register.WRITTEN) && register.parent() != null;
    }

    /** All 64 bits of the place are read. */
    public void markRead(Register register) {
        markRead(register, register.parent(), Register.READ64);
    }

    /** The place is read, so each ancestor is up to the one that wrote it last. */
    public void markRead(Register register, @Nullable Register firstParent, int flag) {
        boolean screened = Objects.equals(firstParent, register.parent());
        Register child = register;
        Register parent = firstParent;
        int steps = 0;
        while (parent != null) {
            if (screened && child.isLive(Register.WRITTEN)) {
                break;
            }
            if (parent.isLive(Register.DONE)) {
                throw log.reject(Errno.EFAULT, "verifier BUG type " + parent.value().type() + " var_off "
                        + parent.value().number().bits().value() + " off " + parent.value().off());
            }
            if ((parent.live() & Register.READ) == flag || parent.isLive(Register.READ64)) {
                break;
            }
            parent.addLive(flag);
            if (flag == Register.READ64) {
                parent.setLive(parent.live() & ~Register.READ32);
            }
            child = parent;
            parent = child.parent();
            screened = true;
            steps++;
        }
        longestWalk = Math.max(longestWalk, steps);
    }

    /** A path ends at a saved state that covers it: what was read after that state would have been read after this one. */
    void propagate(State from, State to) {
        for (int f = 0; f <= from.depth(); f++) {
            Frame source = from.frame(f);
            Frame target = to.frame(f);
            for (int i = f < from.depth() ? FIRST_KEPT : 0; i < FRAME_POINTER; i++) {
                propagate(source.register(i), target.register(i));
            }
            int slots = Math.min(source.slots(), target.slots());
            for (int i = 0; i < slots; i++) {
                propagate(source.slot(i).spilled(), target.slot(i).spilled());
            }
        }
    }

    private void propagate(Register from, Register to) {
        int had = to.live() & Register.READ;
        int flag = from.live() & Register.READ;
        if (had != Register.READ64 && flag != 0 && had != flag) {
            markRead(from, to, flag);
        }
    }
}
