package io.amends.twopc.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads an answer as text in UTF-8, up to a limit. The JDK's own readers have none. */
final class BoundedText implements HttpResponse.BodySubscriber<String> {

    private final int longest;
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    /** At most so many bytes. */
    BoundedText(int longest) {
        this.longest = longest;
    }

    @Override
    public CompletionStage<String> getBody() {
        return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] some = new byte[buffer.remaining()];
            buffer.get(some);
            if (bytes.size() + some.length > longest) {
                if (subscription != null) {
                    subscription.cancel();
                }
                text.completeExceptionally(new IOException("The answer is larger than %d bytes".formatted(longest)));
                return;
            }
            bytes.write(some, 0, some.length);
        }
    }

    @Override
    public void onError(Throwable trouble) {
        text.completeExceptionally(trouble);
    }

    @Override
    public void onComplete() {
        text.complete(bytes.toString(StandardCharsets.UTF_8));
    }
}
