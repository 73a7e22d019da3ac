// routes|links, or add COUNT DEVICE GATEWAY: vishvananda/netlink.
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpu() int64 {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return (used.Utime.Sec+used.Stime.Sec)*1e6 + used.Utime.Usec + used.Stime.Usec
}

func dump(what string) int {
	if what == "links" {
		links, err := netlink.LinkList()
		check(err)
		return len(links)
	}
	routes, err := netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{}, 0)
	check(err)
	return len(routes)
}

func add(count int, device int, gateway net.IP) int {
	for n := 0; n < count; n++ {
		to := &net.IPNet{IP: net.IPv4(10, byte(n>>16), byte(n>>8), byte(n)).To4(), Mask: net.CIDRMask(32, 32)}
		check(netlink.RouteAdd(&netlink.Route{Dst: to, Gw: gateway, LinkIndex: device, Priority: 100}))
	}
	return count
}

func main() {
	var count, total, index int
	adds := os.Args[1] == "add"
	if adds {
		var err error
		total, err = strconv.Atoi(os.Args[2])
		check(err)
		device, err := netlink.LinkByName(os.Args[3])
		check(err)
		index = device.Attrs().Index
	}
	began, used := time.Now(), cpu()
	if adds {
		count = add(total, index, net.ParseIP(os.Args[4]).To4())
	} else {
		count = dump(os.Args[1])
	}
	fmt.Printf("{\"cpu\":%d,\"wall\":%d,\"count\":%d}\n", cpu()-used, time.Since(began).Microseconds(), count)
}
