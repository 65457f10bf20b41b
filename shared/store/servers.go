package store

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/pmm"
)

// SeenServer is what a look saw of a PMM server, for a caller whose live organization Seen.Org is; it
// is zero for a caller without one.
type SeenServer struct {
	Seen
	ID     pmm.ServerID
	Server pmm.Server // as the caller's organization has it; zero when it has not
	Lock   org.ID     // the organization that it is connected to, living or gone; "" for none
	Holder org.Org    // the same, where it is not the caller's; zero when it is gone
}

// LookServer reads a server for the caller. It takes two reads, because the account's row names the
// organization and the lock the holder.
func (s *Store) LookServer(ctx context.Context, c account.Caller, server pmm.ServerID) (SeenServer, error) {
	found, err := s.read(ctx, accountKey(c.Account), lockKey(server))
	if err != nil {
		return SeenServer{}, err
	}
	r := &reader{found: found}
	seen := SeenServer{Seen: Seen{At: s.Now(), Caller: c, Account: r.account(c.Account)}, ID: server}
	lock, _ := get[lockItem](r, lockKey(server))
	seen.Lock = org.ID(lock.Org)
	if err := cmp.Or(r.err, account.MayCall(c, seen.Account)); err != nil {
		return SeenServer{}, err
	}
	if seen.Account.Org == "" {
		return seen, nil
	}
	return s.lookServer(ctx, seen, org.ID(seen.Account.Org))
}

func (s *Store) lookServer(ctx context.Context, seen SeenServer, o org.ID) (SeenServer, error) {
	me := org.MemberOf(o, seen.Caller.Address)
	keys := []key{orgKey(o), memberKey(o, me), serverKey(o, seen.ID)}
	if seen.Lock != "" {
		keys = append(keys, orgKey(seen.Lock))
	}
	found, err := s.read(ctx, keys...)
	if err != nil {
		return SeenServer{}, err
	}
	seen.At = s.Now()
	r := &reader{found: found}
	if live, row := r.org(o), r.member(o, me); org.MayEnter(live, row, seen.Caller.Account) == nil {
		seen.Org, seen.Me, seen.Server = live, row, r.server(o, seen.ID)
	}
	if holder := r.org(seen.Lock); seen.Lock != o && holder.Live() {
		seen.Holder = holder
	}
	return seen, r.err
}

// Connect makes the server the organization's, as to is, in place of what was seen of it. Tokens of
// earlier credentials are good for nothing from then on.
func (s *Store) Connect(ctx context.Context, seen SeenServer, to pmm.Server) error {
	o, act := seen.Org.ID, activity.Create
	if seen.Server.Exists() {
		act = activity.Update
	}
	row := serverOf(o, to)
	return s.commit(ctx,
		live(o, 0),
		stillThere(seen.Seen),
		seen.lock(),
		put(row.key, row, serverAsSeen(seen.Server)),
		record(o, seen.event(act, seen.Me.Role, theServer(to))),
	)
}

// Disconnect takes the server out of the organization; its credentials and their tokens are good for
// nothing any more.
func (s *Store) Disconnect(ctx context.Context, seen SeenServer) error {
	o := seen.Org.ID
	return s.commit(ctx,
		live(o, 0),
		stillThere(seen.Seen),
		remove(lockKey(seen.ID), is("org_id", string(o))),
		remove(serverKey(o, seen.ID), serverAsSeen(seen.Server)),
		record(o, seen.event(activity.Delete, seen.Me.Role, theServer(seen.Server))),
	)
}

// Servers reads the servers of an organization for an active member of it, by name. The look and as many
// as most organizations have are read side by side, what is left after it.
func (s *Store) Servers(ctx context.Context, c account.Caller, o org.ID) ([]pmm.Server, error) {
	var rows []serverItem
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		_, err := s.Look(gctx, c, o)
		return err
	})
	g.Go(func() (err error) {
		rows, err = scanRange[serverItem](gctx, s, o, servers, "", ahead)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if len(rows) == ahead {
		rest, err := scanRange[serverItem](ctx, s, o, servers, after(servers, rows[ahead-1].key), 0)
		if err != nil {
			return nil, err
		}
		rows = append(rows, rest...)
	}
	all := []pmm.Server{}
	for _, row := range rows {
		all = append(all, row.server())
	}
	slices.SortStableFunc(all, func(a, b pmm.Server) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// LookClient reads the server that a client claims to be, for nobody in particular.
func (s *Store) LookClient(ctx context.Context, c pmm.Client) (SeenServer, error) {
	found, err := s.read(ctx, orgKey(c.Org), serverKey(c.Org, c.Server))
	if err != nil {
		return SeenServer{}, err
	}
	r := &reader{found: found}
	return SeenServer{Seen: Seen{At: s.Now(), Org: r.org(c.Org)}, ID: c.Server, Server: r.server(c.Org, c.Server)}, r.err
}

// PutToken keeps the hash of an access token of the server for an hour, with the credential that it was
// made from. It writes nothing else: a server may ask for several at once, and all of them are good.
func (s *Store) PutToken(ctx context.Context, seen SeenServer, token id.Hash) error {
	o := seen.Org.ID
	row := tokenItem{
		key: tokenKey(o, token), Server: string(seen.ID), Credential: string(seen.Server.Credential), TTL: seen.At.Add(pmm.TokenLife).Unix(),
	}
	return s.commit(ctx,
		live(o, 0),
		check(serverKey(o, seen.ID), serverAsSeen(seen.Server)),
		put(row.key, row, absent()),
	)
}

// lock makes the server the organization's: nobody has it, this one has, or one that is gone.
func (s SeenServer) lock() change {
	k := lockKey(s.ID)
	item := lockItem{key: k, Org: string(s.Org.ID)}
	if s.Lock == "" {
		return put(k, item, absent())
	}
	c := put(k, item, is("org_id", string(s.Lock)))
	if s.Lock == s.Org.ID {
		return c
	}
	return c.with(check(orgKey(s.Lock), absent().Or(has("deleted_at"))))
}

// serverAsSeen is what a server's row says while it is the one of the look, or absent as it was then.
func serverAsSeen(s pmm.Server) condition {
	if !s.Exists() {
		return absent()
	}
	return is("credential", string(s.Credential)).And(is("connected_by", s.ConnectedBy))
}

// stillThere holds the caller to being an ACTIVE member of that role at the instant of the write.
func stillThere(s Seen) change { return check(memberKey(s.Org.ID, s.Me.ID), asSeen(s.Me)) }

// theServer is a PMM server as an event's object.
func theServer(s pmm.Server) activity.Object {
	return activity.Object{ID: string(s.ID), Name: s.Name, Type: activity.Inventory}
}

func serverOf(o org.ID, s pmm.Server) serverItem {
	return serverItem{
		key: serverKey(o, s.ID), Name: s.Name, URL: s.URL, Credential: string(s.Credential),
		ConnectedBy: string(s.ConnectedBy),
	}
}

func (i serverItem) server() pmm.Server {
	return pmm.Server{
		ID: pmm.ServerID(after(servers, i.key)), Name: i.Name, URL: i.URL, Credential: id.Hash(i.Credential),
		ConnectedBy: account.ID(i.ConnectedBy),
	}
}

func (r *reader) server(o org.ID, s pmm.ServerID) pmm.Server {
	if i, ok := get[serverItem](r, serverKey(o, s)); ok {
		return i.server()
	}
	return pmm.Server{}
}
