package io.amends.runtime.offender;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.JsonKafkaHeaderMapper;
import org.springframework.kafka.support.serializer.JacksonJsonDeserializer;
import org.springframework.util.ClassUtils;
import org.springframework.util.SerializationUtils;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

/** Wrong on purpose, see BannedCallsTest: each method does what library code must not do. Nobody calls them. */
public final class BannedCalls {

    private BannedCalls() {}

    /** Reads objects as Java writes them. */
    public static final class Deserialises {

        Object stream(ObjectInputStream in) throws IOException, ClassNotFoundException {
            return in.readObject();
        }

        Object input(ObjectInput in) throws IOException, ClassNotFoundException {
            return in.readObject();
        }

        @SuppressWarnings("deprecation")
        Object bytes(byte[] bytes) {
            return SerializationUtils.deserialize(bytes);
        }
    }

    /** Lets JSON name classes. */
    public static final class NamesClassesInJson {

        JsonMapper everything(BasicPolymorphicTypeValidator any) {
            return JsonMapper.builder().activateDefaultTyping(any).build();
        }

        JsonMapper validated(PolymorphicTypeValidator any) {
            return JsonMapper.builder().polymorphicTypeValidator(any).build();
        }
    }

    /** Likewise, by an annotation. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    public static final class AnnotatedForClassNames {}

    /** Takes a class that a text names. */
    public static final class LoadsClasses {

        Class<?> byName(String name) throws ClassNotFoundException {
            return Class.forName(name);
        }

        Class<?> byLoader(ClassLoader loader, String name) throws ClassNotFoundException {
            return loader.loadClass(name);
        }

        Class<?> bySpring(String name) {
            return ClassUtils.resolveClassName(name, null);
        }
    }

    /** Asks the machine for the time. */
    public static final class ReadsTheClock {

        long millis() {
            return System.currentTimeMillis();
        }

        LongSupplier reference() {
            return System::currentTimeMillis;
        }

        Supplier<Instant> instant() {
            return Instant::now;
        }

        LocalDate today() {
            return LocalDate.now();
        }

        ZonedDateTime here(Clock clock) {
            return ZonedDateTime.now(clock);
        }

        Clock clock() {
            return Clock.systemUTC();
        }

        InstantSource source() {
            return InstantSource.system();
        }

        Date date() {
            return new Date();
        }

        Calendar calendar() {
            return Calendar.getInstance();
        }
    }

    /** Holds a thread. */
    public static final class Sleeps {

        void thread() throws InterruptedException {
            Thread.sleep(1);
        }

        void unit() throws InterruptedException {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** Takes any number of tasks. */
    public static final class RunsWithoutLimit {

        ExecutorService cached() {
            return Executors.newCachedThreadPool();
        }

        ExecutorService fixed() {
            return Executors.newFixedThreadPool(2);
        }

        ExecutorService single() {
            return Executors.newSingleThreadExecutor();
        }

        ExecutorService everybodys() {
            return ForkJoinPool.commonPool();
        }
    }

    /** Takes any number of entries. */
    public static final class QueuesWithoutLimit {

        Queue<String> blocking() {
            return new LinkedBlockingQueue<>();
        }

        Supplier<Queue<String>> reference() {
            return LinkedBlockingDeque::new;
        }

        Queue<String> concurrent() {
            return new ConcurrentLinkedQueue<>();
        }

        Queue<String> ordered() {
            return new PriorityBlockingQueue<>(10);
        }
    }

    /** Writes to where nobody looks. */
    public static final class PrintsStackTraces {

        void print(IOException trouble) {
            trouble.printStackTrace();
        }
    }

    /** Uses what had advisories. */
    public static final class MapsHeaders {

        @KafkaListener(topics = "any")
        void listen(byte[] value) {}

        Object mapper() {
            return new JsonKafkaHeaderMapper();
        }

        Object reader() {
            return new JacksonJsonDeserializer<>(String.class);
        }
    }
}
