package org.bpfz.oracle.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.bpfz.loader.BpfObject;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.calls.CallPrinter;
import org.bpfz.oracle.model.CompressorPrograms;
import org.bpfz.oracle.model.Machine;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.oracle.strace.StraceEvent;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.kernel.Attachments;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Credentials;
import org.bpfz.spec.kernel.Descriptor;
import org.bpfz.spec.kernel.FileSystem;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Outcomes;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.State;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of a recording on a modelled kernel with an object's programs attached, in an order that explains their results.
 *
 * <p>A call is made when its return is read. Where the model would then answer otherwise, in this order: the world before the
 * recording may have been another one ({@link Learner}); a call that had begun and not yet returned may have done its work already,
 * or in the middle of this one ({@link Overlaps}); else the call differs, which is told, and the replay goes on from what was recorded.
 */
public final class Replay {
    private static final int MAX_LESSONS = 12;
    private static final int DEFAULT_UMASK = 022;
    private final Path log;
    private final Machine machine;
    private final KnownWorld world;
    private final Learner learner;
    private final OutsideCalls outsideCalls;
    private final Overlaps overlaps;
    private final Survey survey;
    private final FileSums sums = new FileSums();
    private final Ledger ledger;
    private final Map<Integer, Outcome.Returned> early = new HashMap<>();

    /** What a replay has found. */
    public record Result(List<FileSum> files, Ledger ledger) {}

    private Replay(Path log, Survey survey, Machine machine, Credentials user, Overlaps overlaps) {
        this.log = log;
        this.survey = survey;
        this.machine = machine;
        this.overlaps = overlaps;
        ledger = new Ledger();
        world = new KnownWorld(machine, user, survey.filtered(), ledger);
        learner = new Learner(world);
        outsideCalls = new OutsideCalls(machine, world, ledger);
    }

    /**
     * Replays a recording.
     *
     * @param object   with one program for each hook
     * @param user     whom the tasks act for; null for whom the recording names, or else the owner of the file
     * @param progress hears in hundredths how far the work is
     * @throws InputException if the object does not fit, or the recording lacks data that a program was to measure
     */
    public static Result run(Path log, BpfObject object, Engine engine, @Nullable Credentials user,
            IntConsumer progress) throws IOException {
        Map<String, Facts> facts = CompressorPrograms.admit(object, Reading.strict());
        Survey survey = Survey.of(log);
        ProgramHost host = new ProgramHost(engine, ProgramHost.services(Reading.strict()));
        Attachments attachments = CompressorPrograms.attach(object, facts, host);
        FileSystem disk = FileSystem.unlimited(State.ROOT_FILE_SYSTEM).withExact(false);
        Machine machine = new Machine(State.boot(disk).with(attachments), Reading.strict(), host);
        Credentials who = user != null ? user : survey.user(log);
        try (Overlaps overlaps = Overlaps.open(log)) {
            Replay replay = new Replay(log, survey, machine, who, overlaps);
            replay.run(progress);
            return new Result(replay.sums.list(machine.state()), replay.ledger);
        }
    }

    private void run(IntConsumer progress) throws IOException {
        int told = -1;
        for (StraceEvent event = overlaps.next(); event != null; event = overlaps.next()) {
            int percent = (int) (100L * event.line() / Math.max(1, survey.lines()));
            if (percent != told) {
                told = percent;
                progress.accept(percent);
            }
            try {
                event(event);
            } catch (Rope.UnknownContentException e) {
                throw new InputException(log, event.line(), "the data of a write was cut by strace:"
                        + " record with -s as large as the largest write (strace -f -xx -s 1000000 ...)");
            }
        }
    }

    private void event(StraceEvent event) {
        if (!(event instanceof StraceEvent.Remark)) {
            introduce(event.pid());
        }
        switch (event) {
            case StraceEvent.Entered entered -> overlaps.begun(entered);
            case StraceEvent.Returned returned -> returned(returned);
            case StraceEvent.Ended ended -> ended(ended.pid());
            case StraceEvent.Remark remark -> ledger.remark(remark.line(), remark.text());
            case StraceEvent.Signalled _ -> {
            }
        }
    }

    /** A task that the world does not have is the first one, the child of a call that has not returned, or was there before. */
    private void introduce(int pid) {
        int task = task(pid);
        if (world.hasTask(task)) {
            return;
        }
        Integer parent = survey.parents().get(pid);
        StraceEvent.Entered begun = parent == null ? null : overlaps.beganBy(parent);
        if (begun != null && world.hasTask(task(parent))) {
            StraceEvent.Returned returned = overlaps.lookAhead(begun.pid());
            Recorded seen = returned == null ? null : Recorded.of(returned);
            if (seen != null && seen.result() == pid) {
                overlaps.done(begun.pid());
                make(seen);
            }
        }
        if (!world.hasTask(task)) {
            world.addProcess(task, survey.cwd(), survey.umask() == null ? DEFAULT_UMASK : survey.umask());
        }
    }

    /** strace names no task while there is only one: any number will do. */
    private static int task(int pid) {
        return pid == 0 ? 2 : pid;
    }

    private void ended(int pid) {
        overlaps.forget(pid);
        if (world.hasTask(task(pid)) && !machine.isWaiting(task(pid))) {
            machine.call(new Call.Exit(task(pid)));
            resume();
        }
    }

    private void returned(StraceEvent.Returned event) {
        if (overlaps.wasDone(event.pid())) {
            return;
        }
        overlaps.forget(event.pid());
        Outcome.Returned before = early.remove(task(event.pid()));
        Recorded seen = Recorded.of(event);
        if (seen == null) {
            unknownResult(event);
        } else if (before != null || machine.isWaiting(task(event.pid()))) {
            begunEarly(seen, before);
        } else {
            make(seen);
        }
    }

    /** A call that does not return, such as exit_group, or one that a signal has interrupted and that begins anew. */
    private void unknownResult(StraceEvent.Returned event) {
        switch (event.call().name()) {
            case "exit" -> machine.call(new Call.Exit(task(event.pid())));
            case "exit_group" -> machine.call(new Call.ExitGroup(task(event.pid())));
            default -> {
                ledger.outside(event.call().name());
                return;
            }
        }
        ledger.equal();
        resume();
    }

    /** A call that was begun before its return was read, since another one needed what it does. */
    private void begunEarly(Recorded seen, Outcome.@Nullable Returned before) {
        if (before != null && before.result() == seen.result()) {
            ledger.equal();
        } else {
            ledger.differs(new Ledger.Difference(seen.line(), seen.pid(),
                    seen.name() + (before == null ? " waits" : " = " + CallPrinter.result(before.result())),
                    CallPrinter.result(seen.result())));
        }
    }

    private void make(Recorded recorded) {
        Recorded seen = new Recorded(task(recorded.pid()), recorded.line(), recorded.text(), recorded.result());
        Call call;
        try {
            call = RecordedCalls.read(seen);
        } catch (NotationException e) {
            ledger.remark(seen.line(), seen.name() + ": " + e.getMessage());
            return;
        }
        if (call == null) {
            outsideCalls.unmodelled(seen);
            resume();
            return;
        }
        learner.prepare(call, seen);
        if (isOutside(call, seen)) {
            outsideCalls.modelled(call, seen);
        } else {
            compare(call, seen);
        }
        for (int fd : DescriptorUse.given(call, seen)) {
            world.saw(seen.pid(), fd);
        }
        if (call instanceof Call.Close || call instanceof Call.Dup2 || call instanceof Call.Dup3) {
            world.saw(seen.pid(), DescriptorUse.taken(call).getFirst());
        }
        resume();
    }

    private void compare(Call call, Recorded seen) {
        for (int lessons = 0;; lessons++) {
            Outcomes outcomes = machine.allowed(call);
            Optional<Outcome> match = outcomes.matching(seen.observation());
            if (match.isPresent() && Learner.agrees(seen, match.get())) {
                if (!cameBefore(call, seen, match.get())) {
                    take(call, seen, match.get());
                }
                ledger.equal();
                return;
            }
            Learner.Verdict verdict = lessons == MAX_LESSONS
                    ? Learner.Verdict.UNEXPLAINED
                    : learner.explain(call, seen, outcomes.first());
            if (verdict == Learner.Verdict.EXCUSED) {
                ledger.equal();
                return;
            }
            if (verdict == Learner.Verdict.UNEXPLAINED && !bringForward(call, seen)) {
                if (!waitsFor(call, seen, outcomes.first())) {
                    differs(call, seen, outcomes.first());
                }
                return;
            }
        }
    }

    /**
     * A call that had begun and not yet returned.
     *
     * @param seen what is recorded of its return
     */
    private record Begun(Call call, Recorded seen) {}

    /** The calls that others had begun and not yet returned, and that can be made: the earliest first. */
    private List<Begun> begunByOthers(int pid) {
        List<Begun> all = new ArrayList<>();
        for (StraceEvent.Entered begun : overlaps.begunByOthers(pid)) {
            StraceEvent.Returned later = overlaps.lookAhead(begun.pid());
            Recorded result = later == null ? null : Recorded.of(later);
            Call other = result == null || machine.isWaiting(task(begun.pid())) ? null : read(result);
            if (other != null && !isOutside(other, result) && world.hasTask(other.task())) {
                all.add(new Begun(other, result));
            }
        }
        return all;
    }

    /**
     * Looks for a call that had begun and not yet returned, and that saw nothing yet of what this write puts there: it answers as recorded before
     * this one, and not after it. If there is one, makes both.
     */
    private boolean cameBefore(Call call, Recorded seen, Outcome outcome) {
        if (written(world.state(), call) == 0) {
            return false;
        }
        for (Begun begun : begunByOthers(seen.pid())) {
            Optional<Outcome> first = machine.allowed(begun.call()).matching(begun.seen().observation());
            if (first.isEmpty() || !(first.get() instanceof Outcome.Returned)
                    || machine.allowed(outcome.next(), begun.call())
                            .matching(begun.seen().observation()).isPresent()) {
                continue;
            }
            Optional<Outcome> second = machine.allowed(first.get().next(), call).matching(seen.observation());
            if (second.isPresent()) {
                finish(begun, first.get());
                take(call, seen, second.get());
                return true;
            }
        }
        return false;
    }

    /** Looks for a call that had begun and not yet returned, after which the model answers as recorded; if there is one, makes it. */
    private boolean bringForward(Call call, Recorded seen) {
        for (Begun begun : begunByOthers(seen.pid())) {
            Recorded result = begun.seen();
            Outcomes outcomes = machine.allowed(begun.call());
            Outcome outcome = outcomes.matching(result.observation()).orElseGet(outcomes::first);
            boolean returns = outcome instanceof Outcome.Returned returned && returned.result() == result.result();
            if (!returns && !(outcome instanceof Outcome.Blocked)) {
                continue;
            }
            if (machine.allowed(outcome.next(), call).matching(seen.observation()).isPresent()) {
                if (outcome instanceof Outcome.Returned) {
                    finish(begun, outcome);
                } else {
                    overlaps.forget(result.pid());
                    take(begun.call(), result, outcome);
                }
                return true;
            }
        }
        return false;
    }

    /**
     * Looks for a call that had begun and not yet returned, and that came in the middle of this one, which waited for it; if there is one, makes
     * both. A reader takes the beginning of what a writer can not yet put into a pipe as a whole.
     */
    private boolean waitsFor(Call call, Recorded seen, Outcome outcome) {
        if (!(outcome instanceof Outcome.Blocked blocked)) {
            return false;
        }
        for (Begun begun : begunByOthers(seen.pid())) {
            Outcome between = machine.allowed(blocked.next(), begun.call()).matching(begun.seen().observation())
                    .orElse(null);
            if (between instanceof Outcome.Returned && machine.allowed(between.next(), blocked.pending())
                    .matching(seen.observation()).isPresent()) {
                take(call, seen, blocked);
                finish(begun, between);
                resume();
                begunEarly(seen, early.remove(seen.pid()));
                return true;
            }
        }
        return false;
    }

    /** Makes a call that had begun, as recorded: its return will be no news. */
    private void finish(Begun begun, Outcome outcome) {
        take(begun.call(), begun.seen(), outcome);
        overlaps.done(begun.seen().pid());
        ledger.equal();
    }

    private static @Nullable Call read(Recorded seen) {
        try {
            return RecordedCalls.read(new Recorded(task(seen.pid()), seen.line(), seen.text(), seen.result()));
        } catch (NotationException unreadable) {
            return null;
        }
    }

    /** Makes a call and notes what it counted, opened or made. */
    private void take(Call call, Recorded seen, Outcome outcome) {
        State before = world.state();
        int file = written(before, call);
        int table = before.task(call.task()).files();
        machine.take(call.task(), outcome);
        State after = world.state();
        sums.moved(before, after, file);
        if (call instanceof Call.Clone && after.tasks().containsKey((int) seen.result())) {
            world.inherit(table, after.task((int) seen.result()).files());
        }
        if (call instanceof Call.Execve && after.tasks().containsKey(call.task())) {
            world.inherit(table, after.task(call.task()).files());
        }
        if (!seen.failed() && !PathUse.of(call).isEmpty() && !DescriptorUse.given(call, seen).isEmpty()) {
            opened(call, (int) seen.result());
        }
    }

    private void opened(Call call, int fd) {
        OpenFile file = world.state().open(call.task(), fd);
        if (file != null && file.verified() && file.canWrite()) {
            PathUse use = PathUse.of(call).getFirst();
            sums.opened(file.inode(), Objects.requireNonNullElse(use.path(), ""));
            sums.verified(file.inode());
        }
    }

    /** The id of the open file that a call may write to; 0 if it writes to none. */
    private static int written(State state, Call call) {
        int fd = switch (call) {
            case Call.Write c -> c.fd();
            case Call.Pwrite64 c -> c.fd();
            case Call.Writev c -> c.fd();
            case Call.Pwritev c -> c.fd();
            case Call.Pwritev2 c -> c.fd();
            default -> -1;
        };
        Descriptor descriptor = fd < 0 ? null : state.table(state.task(call.task())).get(fd);
        return descriptor == null ? 0 : descriptor.file();
    }

    /** Calls that waited go on. */
    private void resume() {
        if (!machine.isWaiting()) {
            return;
        }
        State before = world.state();
        for (Machine.Resumed resumed : machine.resume()) {
            early.put(resumed.task(), resumed.outcome());
        }
        State after = world.state();
        before.files().keySet().forEach(file -> sums.moved(before, after, file));
    }

    /** Tells a difference and goes on from what was recorded. */
    private void differs(Call call, Recorded seen, Outcome modelled) {
        ledger.differs(new Ledger.Difference(seen.line(), seen.pid(), CallPrinter.print(call, modelled),
                CallPrinter.result(seen.result())));
        List<Integer> given = DescriptorUse.given(call, seen);
        if (seen.failed()) {
            return;
        }
        if (given.isEmpty()) {
            if (modelled instanceof Outcome.Returned) {
                take(call, seen, modelled);
            }
            return;
        }
        for (int fd : given) {
            if (world.state().open(seen.pid(), fd) == null) {
                world.installOutside(seen.pid(), fd, false);
            }
        }
    }

    private boolean isOutside(Call call, Recorded seen) {
        int pid = task(seen.pid());
        if (DescriptorUse.isOfTheTable(call)) {
            return false;
        }
        for (int fd : DescriptorUse.taken(call)) {
            if (world.isOutside(pid, fd)) {
                return true;
            }
        }
        return PathUse.of(call).stream().anyMatch(use -> world.isOutside(pid, use.dirfd(), use.path()));
    }
}
