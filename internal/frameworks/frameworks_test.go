package frameworks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	contact = "+14155550123"
	ours    = "+14155550100"
	token   = "12345"
	public  = "https://example.com/edge" // the proxy in front cuts /edge off
	path    = "/hooks/sms"
	query   = "?a=%27b&c=x+y&d=" // Twilio signs it as it is sent
)

// mounts are the frameworks: each mounts a handler at path, behind a middleware that may
// read the body first, and returns a func that posts to it.
var mounts = map[string]func(t *testing.T, h http.Handler, m middleware) func(*http.Request) answer{
	"ServeMux": func(_ *testing.T, h http.Handler, m middleware) func(*http.Request) answer {
		mux := http.NewServeMux()
		mux.Handle("/hooks/", http.StripPrefix("/hooks", h))
		return serve(m.wrap(mux))
	},
	"chi": func(_ *testing.T, h http.Handler, m middleware) func(*http.Request) answer {
		router := chi.NewRouter()
		router.Use(m.wrap)
		router.Route("/hooks", func(r chi.Router) { r.Mount("/", h) })
		return serve(router)
	},
	"gin": func(_ *testing.T, h http.Handler, m middleware) func(*http.Request) answer {
		gin.SetMode(gin.ReleaseMode)
		router := gin.New()
		router.Use(func(c *gin.Context) { m(c.Request) })
		router.Group("/hooks").Any("/sms", gin.WrapH(h))
		return serve(router)
	},
	"echo": func(_ *testing.T, h http.Handler, m middleware) func(*http.Request) answer {
		router := echo.New()
		router.Use(echo.WrapMiddleware(m.wrap))
		router.Group("/hooks").Any("/sms", echo.WrapHandler(h))
		return serve(router)
	},
	"fiber": func(t *testing.T, h http.Handler, m middleware) func(*http.Request) answer {
		t.Helper()
		app := fiber.New()
		app.Group("/hooks").All("/sms", adaptor.HTTPHandler(m.wrap(h)))
		return func(r *http.Request) answer {
			response, err := app.Test(r)
			require.NoError(t, err)
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			return answer{response.StatusCode, response.Header, string(body)}
		}
	},
}

type answer struct {
	status int
	header http.Header
	body   string
}

func serve(h http.Handler) func(*http.Request) answer {
	return func(r *http.Request) answer {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return answer{w.Code, w.Header(), w.Body.String()}
	}
}

// middleware does something with a request before the Handler gets it.
type middleware func(r *http.Request)

func (m middleware) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m(r)
		next.ServeHTTP(w, r)
	})
}

func untouched(*http.Request) {}

func putBack(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
}

func consumed(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

func parsed(r *http.Request) { _ = r.FormValue("_method") } // as a middleware for methods does

// site is a Handler in a framework, and what it told.
type site struct {
	t      *testing.T
	guard  *optout.Guard
	do     func(*http.Request) answer
	events []provider.Event
}

func newSite(t *testing.T, framework string, m middleware) *site {
	t.Helper()
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	p, err := twilio.New(twilio.Config{AuthToken: token})
	require.NoError(t, err)
	s := &site{t: t, guard: guard}
	h := provider.Handler(guard, p, &provider.Options{
		Account:         provider.OneAccount("acme"),
		PublicURL:       public,
		ProviderReplies: provider.RepliesWhenFlagged,
		Observe:         func(_ context.Context, e provider.Event) { s.events = append(s.events, e) },
	})
	s.do = mounts[framework](t, h, m)
	return s
}

// post posts a STOP that is signed with a token.
func (s *site) post(method, token string) answer {
	s.t.Helper()
	form := url.Values{"MessageSid": {"SM1"}, "From": {contact}, "To": {ours}, "Body": {"Stop"}, "City": {"Zürich & more"}}
	signed := public + path + query
	for _, name := range slices.Sorted(maps.Keys(form)) {
		signed += name + form.Get(name)
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(signed))
	request := httptest.NewRequestWithContext(s.t.Context(), method, path+query, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return s.do(request)
}

func (s *site) requireBlocked(blocked bool) {
	s.t.Helper()
	d, err := s.guard.Gate(s.t.Context(), "acme", contact)
	require.NoError(s.t, err)
	require.Equal(s.t, !blocked, d.Allowed)
}

func TestASignedSTOPIsTaken(t *testing.T) {
	for framework := range mounts {
		for name, m := range map[string]middleware{"untouched": untouched, "read and put back": putBack} {
			t.Run(framework+"/"+name, func(t *testing.T) {
				s := newSite(t, framework, m)
				got := s.post(http.MethodPost, token)
				require.Equal(t, http.StatusOK, got.status, s.events)
				require.Equal(t, "application/xml; charset=utf-8", got.header.Get("Content-Type"))
				require.Contains(t, got.body, "<Message>You have successfully been unsubscribed.")
				s.requireBlocked(true)
			})
		}
	}
}

func TestARequestThatIsNotProvedIsRefused(t *testing.T) {
	for framework := range mounts {
		t.Run(framework, func(t *testing.T) {
			s := newSite(t, framework, putBack)
			require.Equal(t, http.StatusForbidden, s.post(http.MethodPost, "another").status)
			require.Len(t, s.events, 1)
			require.ErrorIs(t, s.events[0].Err, provider.ErrSignature)

			got := s.post(http.MethodPut, token)
			require.Equal(t, http.StatusMethodNotAllowed, got.status)
			require.Equal(t, "POST, GET", got.header.Get("Allow"))
			s.requireBlocked(false)
		})
	}
}

// A body that is gone cannot be verified. The provider delivers again, and the program is
// told what is wrong with it.
func TestABodyThatIsNotPutBackIsAnError(t *testing.T) {
	for framework := range mounts {
		for name, m := range map[string]middleware{"read": consumed, "parsed": parsed} {
			t.Run(framework+"/"+name, func(t *testing.T) {
				s := newSite(t, framework, m)
				require.Equal(t, http.StatusServiceUnavailable, s.post(http.MethodPost, token).status)
				require.Len(t, s.events, 1)
				require.ErrorIs(t, s.events[0].Err, provider.ErrConfig)
				s.requireBlocked(false)
			})
		}
	}
}
