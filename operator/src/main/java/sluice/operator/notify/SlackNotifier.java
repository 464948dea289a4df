package sluice.operator.notify;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.reconcile.Notification;
import sluice.operator.reconcile.NotificationMeter;
import sluice.operator.reconcile.Notifier;
import sluice.operator.reconcile.ReportLink;

/**
 * Tells a Slack channel, in threads of its own. There is no queue and no timer: status is the queue, and every turn of a rollout that still
 * has something to tell is an occasion to try. One rollout's notifications go one after the other, oldest first, until one fails; then the
 * rollout waits, longer each time.
 */
public final class SlackNotifier implements Notifier, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlackNotifier.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_REMEMBERED = 10_000;

    private final SlackApi api;
    private final ReportLink reports;
    private final BooleanSupplier leads;
    private final NotificationMeter meter;
    private final InstantSource clock;
    private final Pace pace;
    private final Map<String, Outcome> outcomes = BoundedMap.of(MOST_REMEMBERED);
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Semaphore slots = new Semaphore(MOST_AT_ONCE);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("slack-", 0).factory());

    /**
     * Tells while this replica leads.
     *
     * @param reports what may be a link
     * @param leads asked before every message
     */
    public SlackNotifier(SlackSettings settings, ReportLink reports, BooleanSupplier leads, NotificationMeter meter) {
        this(
                new SlackApi(settings, PATIENCE),
                reports,
                leads,
                meter,
                InstantSource.system(),
                new Pace(System::nanoTime));
    }

    SlackNotifier(
            SlackApi api,
            ReportLink reports,
            BooleanSupplier leads,
            NotificationMeter meter,
            InstantSource clock,
            Pace pace) {
        this.api = api;
        this.reports = reports;
        this.leads = leads;
        this.meter = meter;
        this.clock = clock;
        this.pace = pace;
    }

    @Override
    public void deliver(String rollout, String channel, List<Notification> pending) {
        if (pending.isEmpty() || !pace.allows(rollout) || !slots.tryAcquire()) {
            return;
        }
        if (!busy.add(rollout)) {
            slots.release();
            return;
        }
        try {
            threads.execute(() -> tell(rollout, channel, pending));
        } catch (RejectedExecutionException closed) {
            release(rollout);
        }
    }

    private void tell(String rollout, String channel, List<Notification> pending) {
        try {
            for (var notification : pending) {
                if (!outcomes.containsKey(notification.id()) && !isOver(rollout, channel, notification)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Without its message, which may name an address or a token.
            failed(
                    rollout,
                    new Answer.Later(
                            new Trouble(
                                    "SlackFailing",
                                    "sending failed: " + e.getClass().getSimpleName()),
                            Optional.empty()));
        } finally {
            release(rollout);
        }
    }

    private void release(String rollout) {
        busy.remove(rollout);
        slots.release();
    }

    private boolean isOver(String rollout, String channel, Notification notification) throws InterruptedException {
        if (!leads.getAsBoolean() || !pace.allows(rollout)) {
            return false;
        }
        return switch (api.post(channel, SlackText.of(notification, reports, clock.instant()))) {
            case Answer.Delivered _ -> {
                pace.succeeded(rollout);
                meter.notification("sent");
                outcomes.put(notification.id(), new Outcome.Sent());
                yield true;
            }
            case Answer.Refused refused -> {
                outcomes.put(notification.id(), new Outcome.Refused(refused.why()));
                yield true;
            }
            case Answer.Later later -> {
                failed(rollout, later);
                yield false;
            }
        };
    }

    private void failed(String rollout, Answer.Later later) {
        meter.notification("failed");
        if (pace.failed(rollout, later)) {
            LOG.atWarn()
                    .addKeyValue("rollout", rollout)
                    .addKeyValue("problem", later.trouble().message())
                    .log("notification not sent; trying again");
        }
    }

    /** Whether something is being sent. */
    boolean isBusy() {
        return !busy.isEmpty();
    }

    @Override
    public Optional<Outcome> outcome(String id) {
        return Optional.ofNullable(outcomes.get(id));
    }

    @Override
    public Optional<Trouble> trouble(String rollout) {
        return pace.trouble(rollout);
    }

    @Override
    public void lost(String rollout, Notification notification, String why) {
        meter.notification("lost");
        LOG.atWarn()
                .addKeyValue("rollout", rollout)
                .addKeyValue("problem", why)
                .addKeyValue("at", notification.at())
                .addKeyValue("text", notification.text())
                .log("notification given up");
    }

    /** Lets what is being said be said, for two seconds. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
