// An independent verifier of an exported ledger. It shares no code with datong: notes and trees are those of
// golang.org/x/mod/sumdb, which the Go project uses for its own checksum database.
//
//	verifier [-old CHECKPOINT] [-proof FILE] [-witness KEY] [-expect FILE] FOLDER KEY
//
// It opens the signed checkpoint, recomputes the root from the entries, checks inclusion and consistency proofs made
// from the tiles, an older checkpoint kept elsewhere, a .tlog-proof file, a witness's cosignature, and that the leaf hashes of
// a file (one a line, hexadecimal) stand in the log.
//
// Debian has all it needs (golang-go, golang-golang-x-mod-dev):
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o verifier main.go
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	proofs     = 64 // how many inclusion and consistency proofs are tried, spread over the log
)

func main() {
	old := flag.String("old", "", "an older checkpoint that the log must continue")
	proof := flag.String("proof", "", "a .tlog-proof file to check")
	witness := flag.String("witness", "", "the key of a witness that must have cosigned the checkpoint")
	expect := flag.String("expect", "", "leaf hashes that the log must hold")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: verifier [-old CHECKPOINT] [-proof FILE] [-witness KEY] [-expect FILE] FOLDER KEY")
		os.Exit(2)
	}
	if err := verify(flag.Arg(0), flag.Arg(1), *old, *proof, *witness, *expect); err != nil {
		fmt.Fprintln(os.Stderr, "not sound:", err)
		os.Exit(1)
	}
}

func verify(folder, key, old, proof, witness, expect string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	head, err := readCheckpoint(filepath.Join(folder, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	hashes, err := recompute(folder, head)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(head, &tiles{folder})
	if err := checkInclusion(head, hashes, reader); err != nil {
		return err
	}
	if err := checkConsistency(head, hashes, reader); err != nil {
		return err
	}
	if old != "" {
		if err := checkOlder(old, verifier, head, reader); err != nil {
			return err
		}
	}
	if proof != "" {
		if err := checkProof(proof, verifier); err != nil {
			return err
		}
	}
	if witness != "" {
		if err := checkWitness(filepath.Join(folder, "checkpoint"), witness); err != nil {
			return err
		}
	}
	if expect != "" {
		if err := checkExpected(expect, head, hashes); err != nil {
			return err
		}
	}
	fmt.Printf("sound: %d entries, root %s\n", head.N, head.Hash)
	return nil
}

// memory holds every stored hash, recomputed from the entries.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(m)) {
			return nil, errors.New("a hash beyond the log is wanted")
		}
		found[i] = m[index]
	}
	return found, nil
}

// recompute reads every entry and compares the root they give with the signed one.
func recompute(folder string, head tlog.Tree) (memory, error) {
	var hashes memory
	for first := int64(0); first < head.N; first += tileWidth {
		width := head.N - first
		if width > tileWidth {
			width = tileWidth
		}
		entries, err := readBundle(folder, first/tileWidth, int(width))
		if err != nil {
			return nil, err
		}
		for i, entry := range entries {
			more, err := tlog.StoredHashes(first+int64(i), entry, hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, more...)
		}
	}
	root, err := tlog.TreeHash(head.N, hashes)
	if err != nil {
		return nil, err
	}
	if root != head.Hash {
		return nil, errors.New("the entries do not give the signed root")
	}
	return hashes, nil
}

func checkInclusion(head tlog.Tree, hashes memory, reader tlog.HashReader) error {
	for index := int64(0); index < head.N; index += head.N/proofs + 1 {
		proof, err := tlog.ProveRecord(head.N, index, reader)
		if err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
		leaf := hashes[tlog.StoredHashIndex(0, index)]
		if err := tlog.CheckRecord(proof, head.N, head.Hash, index, leaf); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	return nil
}

func checkConsistency(head tlog.Tree, hashes memory, reader tlog.HashReader) error {
	for size := int64(1); size <= head.N; size += head.N/proofs + 1 {
		root, err := tlog.TreeHash(size, hashes)
		if err != nil {
			return err
		}
		if err := continues(tlog.Tree{N: size, Hash: root}, head, reader); err != nil {
			return err
		}
	}
	return nil
}

func checkOlder(path string, verifier note.Verifier, head tlog.Tree, reader tlog.HashReader) error {
	older, err := readCheckpoint(path, verifier)
	if err != nil {
		return err
	}
	return continues(older, head, reader)
}

func continues(older, head tlog.Tree, reader tlog.HashReader) error {
	proof, err := tlog.ProveTree(head.N, older.N, reader)
	if err != nil {
		return fmt.Errorf("from %d entries to %d: %w", older.N, head.N, err)
	}
	if err := tlog.CheckTree(proof, head.N, head.Hash, older.N, older.Hash); err != nil {
		return fmt.Errorf("from %d entries to %d: %w", older.N, head.N, err)
	}
	return nil
}

// checkProof verifies a .tlog-proof file whose extra field carries the entry.
func checkProof(path string, verifier note.Verifier) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	upper, signed, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(upper, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("no proof file")
	}
	head, err := openCheckpoint([]byte(signed), verifier)
	if err != nil {
		return err
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	var carried struct{ Entry string }
	if err := json.Unmarshal(extra, &carried); err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	return tlog.CheckRecord(proof, head.N, head.Hash, index, tlog.RecordHash([]byte(carried.Entry)))
}

// cosigner verifies timestamped Ed25519 cosignatures (c2sp.org/tlog-cosignature), which the Go library does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature), text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}

func checkWitness(path, text string) error {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return errors.New("no witness's key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return errors.New("no Ed25519 key of a witness")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	verifier := &cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), key[1:]}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if _, err := note.Open(data, note.VerifierList(verifier)); err != nil {
		return fmt.Errorf("the witness has not cosigned: %w", err)
	}
	return nil
}

func checkExpected(path string, head tlog.Tree, hashes memory) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	held := make(map[string]bool, head.N)
	for index := int64(0); index < head.N; index++ {
		leaf := hashes[tlog.StoredHashIndex(0, index)]
		held[hex.EncodeToString(leaf[:])] = true
	}
	for _, leaf := range strings.Fields(string(data)) {
		if !held[leaf] {
			return fmt.Errorf("the log does not hold the entry %s", leaf)
		}
	}
	return nil
}

func readCheckpoint(path string, verifier note.Verifier) (tlog.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	return openCheckpoint(data, verifier)
}

func openCheckpoint(data []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("the checkpoint is of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

func readBundle(folder string, index int64, width int) ([][]byte, error) {
	path := strings.Replace(tlog.Tile{H: tileHeight, L: 0, N: index, W: width}.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s is cut off", path)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries, data = append(entries, data[2:end]), data[end:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%s holds %d entries", path, len(entries))
	}
	return entries, nil
}

// tiles reads hash tiles from the folder; TileHashReader holds each against the signed root before it is believed.
type tiles struct{ folder string }

func (t *tiles) Height() int { return tileHeight }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}
