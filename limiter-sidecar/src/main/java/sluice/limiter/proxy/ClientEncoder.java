package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Writes answers; those to HEAD without a body, whatever length they tell. */
final class ClientEncoder extends HttpResponseEncoder {

    private boolean head;

    /** Says whether the request that is answered next is a HEAD. */
    void answering(boolean head) {
        this.head = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse answer) {
        return head || super.isContentAlwaysEmpty(answer);
    }
}
