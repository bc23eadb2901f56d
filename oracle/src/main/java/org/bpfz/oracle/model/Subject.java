package org.bpfz.oracle.model;

import java.util.function.UnaryOperator;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.program.ProgramImage;

/**
 * What a scenario is run on: the model as it is, or the model with a mistake in it, which a grader must find. The specification
 * knows nothing of mistakes; they are wrapped around it at the four places where it meets the rest.
 *
 * @param behaviour what a system call does
 * @param hooks     what stands between the kernel and the programs
 * @param services  what the programs' helpers rest on
 * @param admission which programs may be loaded
 */
public record Subject(Behaviour behaviour, UnaryOperator<Hooks> hooks, UnaryOperator<Services> services,
        Admission admission) {
    /** The model as it is. */
    public static final Subject MODEL = new Subject(
            (state, call, reading, hooks) -> Relation.allowed(state, call, reading, hooks).first(),
            UnaryOperator.identity(), UnaryOperator.identity(), (image, accepted) -> accepted);

    /** Executes one call. */
    @FunctionalInterface
    public interface Behaviour {
        /** What the call does. */
        Outcome execute(State state, Call call, Reading reading, Hooks hooks);
    }

    /** Says whether a program is loaded. */
    @FunctionalInterface
    public interface Admission {
        /**
         * Whether the program is loaded.
         *
         * @param accepted whether the verifier accepts it
         */
        boolean admits(ProgramImage image, boolean accepted);
    }

    /** This one with another behaviour. */
    public Subject with(Behaviour changed) {
        return new Subject(changed, hooks, services, admission);
    }

    /** This one with something else between kernel and programs. */
    public Subject withHooks(UnaryOperator<Hooks> changed) {
        return new Subject(behaviour, changed, services, admission);
    }

    /** This one with other services. */
    public Subject withServices(UnaryOperator<Services> changed) {
        return new Subject(behaviour, hooks, changed, admission);
    }

    /** This one with another admission of programs. */
    public Subject with(Admission changed) {
        return new Subject(behaviour, hooks, services, changed);
    }
}
